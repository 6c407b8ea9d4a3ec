import { Injectable } from '@nestjs/common'
import { LRUCache } from 'lru-cache'
import { DirectoryApis, GROUP_SCOPES, hasOneOf, LarkApis } from '../lark'
import { LarkIntegration } from '../settings'
import { Clock, Log, onClock } from '../shared'
import { ChatRepository } from './chat.repository'

/** Also where Lark told no name: the scope may be granted next. */
const AGAIN_MS = 60 * 60_000

const MAX_CHATS = 20_000

/** Names of groups, where the app may read groups: asked for once, behind a message. */
@Injectable()
export class ChatNames {
  private readonly log = new Log('directory')
  private readonly asked: LRUCache<string, true>

  constructor(
    private readonly chats: ChatRepository,
    private readonly groups: DirectoryApis,
    private readonly apis: LarkApis,
    clock: Clock
  ) {
    this.asked = new LRUCache({ max: MAX_CHATS, ttl: AGAIN_MS, ...onClock(clock) })
  }

  /** Of a group that is recorded. Never throws. */
  async learn({ id, settings }: LarkIntegration, chatId: string): Promise<void> {
    const key = `${id} ${chatId}`
    if (this.asked.has(key)) return
    this.asked.set(key, true)
    try {
      const [known] = await this.chats.named(id, [chatId])
      if (!known || known.name !== null) return
      const granted = await this.apis.scopesOf(settings)
      if (!granted || !hasOneOf(granted, GROUP_SCOPES)) return
      const { name } = await this.groups.for(settings).chat(chatId)
      if (name !== undefined) await this.chats.giveName(id, chatId, name)
    } catch (error) {
      this.log.debug('Lark tells no name of a group', { integration: id }, error)
    }
  }
}
