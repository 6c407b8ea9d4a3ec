import { Injectable } from '@nestjs/common'
import { ChatNames, Directory, Identities, SpeakerNames } from '../directory'
import { isFromOutside, MessageEvent } from '../lark'
import { LarkIntegration } from '../settings'
import { isSharedScope, Routing, senderOf } from './routing'

/** Who writes: recorded, mapped to the platform, and named where a session has several people. */
@Injectable()
export class Senders {
  constructor(
    private readonly directory: Directory,
    private readonly identities: Identities,
    private readonly names: SpeakerNames,
    private readonly chats: ChatNames
  ) {}

  /** Whoever writes, also who may not ask: an admin chooses among them. Behind the message, never in its way. */
  saw({ integration, message, bot }: Pick<Routing, 'integration' | 'message' | 'bot'>): void {
    const { type, openId } = message.sender
    if (type !== 'user' || !openId || openId === bot?.openId) return
    this.names.learn(integration.id, message)
    void this.record(integration, message, openId)
  }

  /** Names are asked for once there are rows to be written on. */
  private async record(integration: LarkIntegration, message: MessageEvent, openId: string): Promise<void> {
    if (!(await this.directory.saw(integration, message))) return
    await this.names.of(integration, [openId])
    if (message.chatType === 'group') await this.chats.learn(integration, message.chatId)
  }

  /** Somebody whose message will be answered. Who is of another company has no account here, and is given none. */
  async meet({ integration, message }: Routing): Promise<void> {
    if (isFromOutside(message)) return
    await this.identities.meet(integration, message.sender)
  }

  /** What the Digital Expert reads in front of the message; undefined where nobody else speaks. */
  async labelOf(routing: Routing): Promise<string | undefined> {
    if (!isSharedScope(routing)) return undefined
    const sender = senderOf(routing.message)
    const names = await this.names.of(routing.integration, [sender])
    // A neutral label where nobody tells the name.
    return names.get(sender) ?? sender
  }
}
