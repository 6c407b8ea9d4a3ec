import { Body, Controller, Get, Injectable, Module, Post, SetMetadata, type DynamicModule } from '@nestjs/common'
import { randomUUID } from 'node:crypto'
import {
  HandoffProcessorStrategy,
  HostContext,
  HostServices,
  parseRunCallback,
  PERMISSIONS,
  sendMessage,
  type HandoffMessage,
  type HandoffProcessor,
  type ProcessResult
} from '../../src/host'
import { LoopAnswer, LoopCards } from './loop-answer'
import type { LoopState, LoopStart } from './loop'
import { metaOf } from '../support/plugin-folder'

const EVENT_TYPE = 'plugin.lark.loop_event.v1'

/** The ceiling of `stream`: the host's callbacks of many runs, each added to a text that is patched into a card. */
@Injectable()
@HandoffProcessorStrategy(EVENT_TYPE)
class LoopProcessor implements HandoffProcessor {
  readonly answers = new Map<string, LoopAnswer>()

  process(message: HandoffMessage): Promise<ProcessResult> {
    const callback = parseRunCallback(message)
    this.answers.get(callback.attempt)?.hear(callback)
    return Promise.resolve({ status: 'ok' })
  }
}

@Controller('lark/loop')
class LoopController {
  private state: LoopState = { events: 0 }

  constructor(
    private readonly processor: LoopProcessor,
    private readonly host: HostServices
  ) {}

  @SetMetadata('isPublic', true)
  @Post()
  async start(@Body() { larkUrl, expert, apps, chats }: LoopStart): Promise<void> {
    const { answers } = this.processor
    const cards = await Promise.all(apps.map((app) => LoopCards.of(larkUrl, app)))
    const messages = chats.map((chatId, index) => {
      const attempt = randomUUID()
      answers.set(attempt, new LoopAnswer(cards[index % apps.length]!, chatId))
      return dispatchOf(attempt, chatId, `number ${index}`, expert)
    })
    this.state = { events: 0 }
    const began = performance.now()
    const shown = Promise.all([...answers.values()].map((answer) => answer.shown))
    void shown.then(
      () => {
        const events = [...answers.values()].reduce((sum, answer) => sum + answer.events, 0)
        this.state = { events, seconds: (performance.now() - began) / 1000 }
        answers.clear()
      },
      (error: unknown) => (this.state = { events: 0, error: String(error) })
    )
    await Promise.all(messages.map((message) => this.host.enqueue(message)))
  }

  @SetMetadata('isPublic', true)
  @Get()
  read(): LoopState {
    return this.state
  }
}

const dispatchOf = (attempt: string, chatId: string, text: string, expert: LoopStart['expert']): HandoffMessage =>
  sendMessage(
    {
      ...expert,
      attempt,
      executionId: randomUUID(),
      conversationId: null,
      idleTimeoutSeconds: 600,
      endUser: 'loop',
      audit: { integrationId: 'loop', chatId, chatType: 'p2p', senderId: 'loop' },
      callback: { messageType: EVENT_TYPE, context: {} },
      text
    },
    new Date()
  )

@Module({ controllers: [LoopController], providers: [LoopProcessor, HostServices] })
class LoopModule {}

export default {
  meta: metaOf('Loop', 'A loop that concatenates and patches'),
  permissions: PERMISSIONS,
  register: (context: HostContext): DynamicModule => ({
    module: LoopModule,
    global: false,
    providers: [{ provide: HostContext, useFactory: () => context }]
  })
}
