import { Injectable } from '@nestjs/common'
import { DataSource, EntityManager } from 'typeorm'
import { storableText } from '../shared'
import { Owner } from './user.repository'

export interface KnownChat {
  chatId: string
  chatType: 'p2p' | 'group'
  name?: string
  source: 'message' | 'directory'
}

export interface ChatRow {
  chatId: string
  name: string | null
  source: 'message' | 'directory'
}

/** Which chats are recorded, and lists of them. */
@Injectable()
export class ChatRepository {
  constructor(private readonly dataSource: DataSource) {}

  async record(owner: Owner, chats: readonly KnownChat[], now: Date, manager?: EntityManager): Promise<void> {
    if (chats.length === 0) return
    const unique = [...new Map(chats.map((chat) => [chat.chatId, chat])).values()]
    unique.sort((left, right) => (left.chatId < right.chatId ? -1 : 1))
    await (manager ?? this.dataSource).query(
      `INSERT INTO plugin_lark_chat AS known (integration_id, tenant_id, organization_id, chat_id, chat_type, name, source, last_seen_at)
       SELECT $1, $2, $3, chat_id, chat_type, name, source, $4
       FROM unnest($5::text[], $6::text[], $7::text[], $8::text[]) AS chat (chat_id, chat_type, name, source)
       ON CONFLICT (integration_id, chat_id) DO UPDATE SET name = coalesce(excluded.name, known.name),
         source = CASE WHEN excluded.source = 'message' THEN excluded.source ELSE known.source END,
         last_seen_at = CASE WHEN excluded.source = 'directory' AND known.source <> 'directory' THEN known.last_seen_at
                             ELSE greatest(excluded.last_seen_at, known.last_seen_at) END`,
      [
        owner.integrationId,
        owner.tenantId,
        owner.organizationId,
        now,
        unique.map(({ chatId }) => chatId),
        unique.map(({ chatType }) => chatType),
        unique.map(({ name }) => name ?? null),
        unique.map(({ source }) => source)
      ]
    )
  }

  /** Groups only: those with messages first, the last ones first. */
  forPicker(integrationId: string, limit: number): Promise<ChatRow[]> {
    return this.dataSource.query<ChatRow[]>(
      `SELECT chat_id AS "chatId", name, source FROM plugin_lark_chat
       WHERE integration_id = $1 AND chat_type <> 'p2p'
       ORDER BY (source = 'directory'), last_seen_at DESC, chat_id LIMIT $2`,
      [integrationId, limit]
    )
  }

  named(integrationId: string, chatIds: readonly string[]): Promise<ChatRow[]> {
    return this.dataSource.query<ChatRow[]>(
      `SELECT chat_id AS "chatId", name, source FROM plugin_lark_chat WHERE integration_id = $1 AND chat_id = ANY($2)`,
      [integrationId, chatIds]
    )
  }

  async giveName(integrationId: string, chatId: string, name: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE plugin_lark_chat SET name = $3 WHERE integration_id = $1 AND chat_id = $2 AND name IS NULL`,
      [integrationId, chatId, storableText(name)]
    )
  }

  async integrations(): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT DISTINCT integration_id AS id FROM plugin_lark_chat`
    )
    return rows.map(({ id }) => id)
  }

  /** Direct chats that were last written in before `before`: each is one person's. */
  async removeUnseenDirect(before: Date, limit: number): Promise<number> {
    const result = await this.dataSource.query<[unknown[], number]>(
      `WITH gone AS MATERIALIZED (
         SELECT integration_id, chat_id FROM plugin_lark_chat WHERE chat_type = 'p2p' AND last_seen_at < $1
         LIMIT $2 FOR UPDATE SKIP LOCKED)
       DELETE FROM plugin_lark_chat chat USING gone
       WHERE chat.integration_id = gone.integration_id AND chat.chat_id = gone.chat_id`,
      [before, limit]
    )
    return result[1]
  }

  async removeIntegration(integrationId: string): Promise<void> {
    await this.dataSource.query(`DELETE FROM plugin_lark_chat WHERE integration_id = $1`, [integrationId])
  }
}
