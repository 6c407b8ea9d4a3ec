import { Injectable } from '@nestjs/common'
import { LRUCache } from 'lru-cache'
import { DataSource } from 'typeorm'
import { HostServices, HostUser } from '../host'
import { knownLanguage, Language } from '../i18n'
import { MessageSender } from '../lark'
import { IntegrationListener, LarkIntegration } from '../settings'
import { Clock, Log, onClock, within } from '../shared'
import { Newcomers } from './newcomers'

/** Who a sender is on the platform: a label on conversations, never a right to do something. */
export interface Identity {
  userId: string | null
  /** Of the platform account. */
  language: Language | undefined
}

const NOBODY: Identity = { userId: null, language: undefined }

const KNOWN_MS = 10 * 60_000
/** Null from the host may be its own fault, and people bind their accounts at any time. */
const UNKNOWN_MS = 60_000
/** A host that does not answer must not hold up an answer: the run then has Lark's own id as its label. */
const LIMIT_MS = 1_000
const MAX_ENTRIES = 10_000

/**
 * Maps senders to platform users: by account binding, then by union id. Nothing else counts, neither names nor addresses,
 * so no mapping is ever invented.
 */
@Injectable()
export class Identities implements IntegrationListener {
  private readonly log = new Log('directory')
  private readonly known: LRUCache<string, Identity>

  constructor(
    private readonly dataSource: DataSource,
    private readonly host: HostServices,
    private readonly newcomers: Newcomers,
    clock: Clock
  ) {
    this.known = new LRUCache({ max: MAX_ENTRIES, ttl: KNOWN_MS, ...onClock(clock) })
  }

  /** Somebody whose message will be answered. Never throws, and takes no longer than a second. */
  async meet(integration: LarkIntegration, sender: MessageSender): Promise<void> {
    const { openId, unionId } = sender
    if (sender.type !== 'user' || !openId || !unionId || this.known.has(keyOf(integration.id, openId))) return
    await within(LIMIT_MS, this.resolve(integration, openId, unionId))
  }

  /** From memory, or what any instance has found before. */
  async of(integrationId: string, openId: string): Promise<Identity> {
    const key = keyOf(integrationId, openId)
    const known = this.known.get(key)
    if (known) return known
    const rows = await this.dataSource.query<{ userId: string | null; language: string | null }[]>(
      `SELECT platform_user_id AS "userId", language FROM plugin_lark_user WHERE integration_id = $1 AND open_id = $2`,
      [integrationId, openId]
    )
    const found = rows[0] ? { userId: rows[0].userId, language: knownLanguage(rows[0].language) } : NOBODY
    this.known.set(key, found, { ttl: UNKNOWN_MS })
    return found
  }

  async integrationChanged(integrationId: string): Promise<void> {
    for (const key of [...this.known.keys()]) if (key.startsWith(`${integrationId} `)) this.known.delete(key)
  }

  integrationRemoved(integrationId: string): Promise<void> {
    return this.integrationChanged(integrationId)
  }

  private async resolve(integration: LarkIntegration, openId: string, unionId: string): Promise<void> {
    try {
      const user = await this.host.findUser(integration.tenantId, unionId)
      if (user) await this.remember(integration, openId, unionId, user)
      else {
        this.known.set(keyOf(integration.id, openId), NOBODY, { ttl: UNKNOWN_MS })
        await this.newcomers.invite(integration, { openId, unionId })
      }
    } catch (error) {
      this.log.warn('a sender could not be mapped to a user', { integration: integration.id }, error)
    }
  }

  private async remember(
    integration: LarkIntegration,
    openId: string,
    unionId: string,
    { id, preferredLanguage }: HostUser
  ): Promise<void> {
    const language = knownLanguage(preferredLanguage)
    this.known.set(keyOf(integration.id, openId), { userId: id, language })
    await this.dataSource.query(
      `INSERT INTO plugin_lark_user AS known (integration_id, tenant_id, organization_id, open_id, union_id, source,
         last_seen_at, platform_user_id, language)
       VALUES ($1, $2, $3, $4, $5, 'message', now(), $6, $7)
       ON CONFLICT (integration_id, open_id) DO UPDATE SET platform_user_id = excluded.platform_user_id,
         language = excluded.language, union_id = excluded.union_id
       WHERE (known.platform_user_id, known.language) IS DISTINCT FROM (excluded.platform_user_id, excluded.language)`,
      [integration.id, integration.tenantId, integration.organizationId, openId, unionId, id, language ?? null]
    )
  }
}

const keyOf = (integrationId: string, openId: string): string => `${integrationId} ${openId}`
