import { Column, Entity, Index, PrimaryColumn } from 'typeorm'

/** Bots that talk to each other in a chat, and to one expert of one integration. There is a row where a bot ever asked. */
@Entity('plugin_lark_bot_talk')
@Index('plugin_lark_bot_talk_counted', ['countedAt'])
export class LarkBotTalk {
  @PrimaryColumn({ name: 'integration_id', type: 'varchar' })
  integrationId!: string

  @PrimaryColumn({ name: 'chat_id', type: 'varchar' })
  chatId!: string

  @PrimaryColumn({ name: 'xpert_id', type: 'varchar' })
  xpertId!: string

  /** Turns in a row that bots asked for, in whatever sessions of the chat; a person's message sets it back. */
  @Column({ type: 'int', default: 0 })
  turns!: number

  /** For retention: when a bot asked last, or a person let them go on. */
  @Column({ name: 'counted_at', type: 'timestamptz', default: () => 'now()' })
  countedAt!: Date
}
