import { Injectable } from '@nestjs/common'
import { LRUCache } from 'lru-cache'
import { DataSource } from 'typeorm'
import { MessageEvent } from '../lark'
import { IntegrationListener, LarkIntegration } from '../settings'
import { Clock, Log } from '../shared'

/** "Last seen" is exact to this; it saves two statements for nearly every message. */
const AGAIN_MS = 10 * 60_000
const MAX_RECENT = 10_000

/** Who wrote to the bot, and where. */
@Injectable()
export class Directory implements IntegrationListener {
  private readonly log = new Log('directory')
  private readonly recent = new LRUCache<string, true>({ max: MAX_RECENT, ttl: AGAIN_MS })

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock
  ) {}

  /** Records the sender and the chat of a message, behind it: never in its way, and a failure is only logged. */
  saw(integration: LarkIntegration, message: MessageEvent): void {
    const { openId, unionId } = message.sender
    if (!openId) return
    const key = `${integration.id}:${openId}:${message.chatId}`
    if (this.recent.has(key)) return
    this.recent.set(key, true)
    this.record(integration, message, openId, unionId ?? null).catch((error: unknown) => {
      this.recent.delete(key)
      this.log.warn('a sender could not be recorded', { integration: integration.id }, error)
    })
  }

  /** The name of a person, where one is known. */
  async nameOf(integrationId: string, openId: string): Promise<string | null> {
    const rows = await this.dataSource.query<{ name: string | null }[]>(
      `SELECT name FROM plugin_lark_user WHERE integration_id = $1 AND open_id = $2`,
      [integrationId, openId]
    )
    return rows[0]?.name ?? null
  }

  async integrationChanged(): Promise<void> {}

  async integrationRemoved(integrationId: string): Promise<void> {
    await this.dataSource.query(`DELETE FROM plugin_lark_user WHERE integration_id = $1`, [integrationId])
    await this.dataSource.query(`DELETE FROM plugin_lark_chat WHERE integration_id = $1`, [integrationId])
    this.recent.clear()
  }

  private async record(
    integration: LarkIntegration,
    message: MessageEvent,
    openId: string,
    unionId: string | null
  ): Promise<void> {
    const owner = [integration.id, integration.tenantId, integration.organizationId]
    const now = this.clock.now()
    await this.dataSource.query(
      `INSERT INTO plugin_lark_user AS known (integration_id, tenant_id, organization_id, open_id, union_id, source, last_seen_at)
       VALUES ($1, $2, $3, $4, $5, 'message', $6)
       ON CONFLICT (integration_id, open_id) DO UPDATE SET last_seen_at = excluded.last_seen_at,
         union_id = coalesce(excluded.union_id, known.union_id)`,
      [...owner, openId, unionId, now]
    )
    await this.dataSource.query(
      `INSERT INTO plugin_lark_chat (integration_id, tenant_id, organization_id, chat_id, chat_type, source, last_seen_at)
       VALUES ($1, $2, $3, $4, $5, 'message', $6)
       ON CONFLICT (integration_id, chat_id) DO UPDATE SET last_seen_at = excluded.last_seen_at`,
      [...owner, message.chatId, message.chatType, now]
    )
  }
}
