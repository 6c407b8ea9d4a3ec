import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { isUuid, Log } from '../shared'

/** Where a run was to go on. */
export interface ConversationPlace {
  conversationId: string
  tenantId: string
  xpertId: string
}

/** Of a row as JSON, so that a column that a version of the host does not have is no error. */
interface FoundConversation {
  xpertId: string | null
  createdById: string | null
  deletedAt: string | null
  /** The user as which the expert runs. */
  assistantId: string | null
  isKnown: boolean
}

/** The host's own `chat_conversation` table, read-only: it says of a conversation that is gone no more than of any other failure. */
@Injectable()
export class HostConversations {
  private readonly log = new Log('host')

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Whether an expert can go on with a conversation. `gone`: there is none, or it was deleted. `others`: it is another expert's,
   * nobody's or another user's, which some versions of the host refuse. `unknown` on a host whose tables are others.
   */
  async look({
    conversationId,
    tenantId,
    xpertId
  }: ConversationPlace): Promise<'there' | 'gone' | 'others' | 'unknown'> {
    if (!isUuid(conversationId) || !isUuid(xpertId)) return 'unknown'
    try {
      const [found] = await this.dataSource.query<FoundConversation[]>(
        `SELECT kept ->> 'xpertId' AS "xpertId", kept ->> 'createdById' AS "createdById", kept ->> 'deletedAt' AS "deletedAt",
                kept ? 'xpertId' AS "isKnown", (SELECT to_jsonb(xpert) ->> 'userId' FROM xpert WHERE id = $3) AS "assistantId"
         FROM (SELECT to_jsonb(conversation) AS kept FROM chat_conversation conversation
               WHERE id = $1 AND "tenantId"::text = $2) AS found`,
        [conversationId, tenantId, xpertId]
      )
      if (!found) return 'gone'
      if (!found.isKnown) return 'unknown'
      if (found.deletedAt !== null) return 'gone'
      return isOwn(found, xpertId) ? 'there' : 'others'
    } catch (error) {
      this.log.warn('a conversation of the host could not be read', { conversation: conversationId }, error)
      return 'unknown'
    }
  }
}

const isOwn = ({ createdById, assistantId, ...found }: FoundConversation, xpertId: string): boolean =>
  found.xpertId === xpertId && (createdById === null || assistantId === null || createdById === assistantId)
