import { Injectable } from '@nestjs/common'
import { bulkhead, BulkheadRejectedError } from 'cockatiel'
import { DataSource, EntityManager } from 'typeorm'
import {
  HandoffMessage,
  HandoffProcessor,
  HandoffProcessorStrategy,
  HostServices,
  HostUnavailableError,
  HostUser,
  ProcessResult
} from '../host'
import { AppInspections, LarkProfile } from '../lark'
import { IntegrationReader, isAdministratorRole, LarkIntegration } from '../settings'
import { Log, objectOf, textOf } from '../shared'
import { Newcomer, Newcomers, PROVISION_TYPE } from './newcomers'

const AGAIN_MS = 30_000

/** Whoever waits keeps a slot of the queue over which answers come, too. */
const WAITING = 4

/** A process that is gone without a word in the middle of it has its person for no longer; PostgreSQL would wait for hours. */
const LOST_MS = 5 * 60_000

interface Person extends Newcomer {
  integrationId: string
}

const personOf = (payload: unknown): Person | null => {
  const raw = objectOf(payload)
  const [integrationId, openId, unionId] = ['integrationId', 'openId', 'unionId'].map((key) => textOf(raw[key]))
  return integrationId && openId && unionId ? { integrationId, openId, unionId } : null
}

/**
 * Makes one platform user of one verified sender, once however often it is asked: whoever holds the lock of that person
 * looks again before it creates. Administrator roles are refused here too: the options may be older than the rule.
 */
@Injectable()
@HandoffProcessorStrategy(PROVISION_TYPE)
export class LarkProvisionUserProcessor implements HandoffProcessor {
  private readonly log = new Log('directory')
  /** It keeps a connection of the pool while the host needs another one: many at once would have all, and wait for ever. */
  private readonly oneByOne = bulkhead(1, WAITING)

  constructor(
    private readonly dataSource: DataSource,
    private readonly host: HostServices,
    private readonly integrations: IntegrationReader,
    private readonly newcomers: Newcomers,
    private readonly inspections: AppInspections
  ) {}

  async process(message: HandoffMessage): Promise<ProcessResult> {
    const person = personOf(message.payload)
    if (!person) return { status: 'dead', reason: 'not a person' }
    const found = await this.integrations.lookUp(person.integrationId)
    if (found === 'unavailable') return { status: 'retry', delayMs: AGAIN_MS, reason: 'integration unavailable' }
    // The message's tenant is the context in which the host would create the user.
    if (typeof found === 'string' || found.integration.tenantId !== message.tenantId) return { status: 'ok' }
    const { userProvision } = found.integration.settings
    if (!userProvision.autoProvision) return { status: 'ok' }
    if (userProvision.roleName && isAdministratorRole(userProvision.roleName)) {
      this.log.warn('new users do not get an administrator role', { integration: person.integrationId })
      return { status: 'ok' }
    }
    const { integration } = found
    try {
      if (await this.inTurn(integration, person)) return { status: 'ok' }
    } catch (error) {
      if (!(error instanceof HostUnavailableError)) throw error
      this.log.warn('a user could not be made yet', { integration: integration.id }, error)
    }
    return { status: 'retry', delayMs: AGAIN_MS, reason: 'no user was made yet' }
  }

  /** False where no user was made. Where too many come first already, the person is asked for again. */
  private async inTurn(integration: LarkIntegration, person: Person): Promise<boolean> {
    try {
      return (await this.oneByOne.execute(() => this.provision(integration, person))) !== null
    } catch (error) {
      if (!(error instanceof BulkheadRejectedError)) throw error
      await this.newcomers.inviteLater(integration, person)
      return true
    }
  }

  /** Null also while another instance is at it: whoever waited for that would keep everybody behind them waiting. */
  private async provision(integration: LarkIntegration, person: Person): Promise<HostUser | null> {
    const profile = await this.profileOf(integration, person)
    return this.dataSource.transaction(async (manager) => {
      const [lock] = await manager.query<{ isMine: boolean }[]>(
        `SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS "isMine",
                set_config('idle_in_transaction_session_timeout', '${LOST_MS}', true)`,
        [`plugin_lark_user ${integration.tenantId} ${person.unionId}`]
      )
      if (!lock?.isMine) return null
      const user =
        (await this.host.findUser(integration.tenantId, person.unionId)) ??
        (await this.create(integration, person, profile))
      if (user) await this.note(manager, person, user, profile)
      return user
    })
  }

  private create(integration: LarkIntegration, person: Person, profile: LarkProfile): Promise<HostUser | null> {
    const { preferLanguage, userProvision } = integration.settings
    return this.host.provisionUser({
      tenantId: integration.tenantId,
      thirdPartyId: person.unionId,
      profile: {
        ...(profile.name ? { firstName: profile.name } : {}),
        ...(profile.avatarUrl ? { imageUrl: profile.avatarUrl } : {}),
        ...(preferLanguage ? { preferredLanguage: preferLanguage } : {})
      },
      defaults: userProvision.roleName ? { roleName: userProvision.roleName } : {}
    })
  }

  /** Without the scopes there is no name: the user is made all the same. */
  private async profileOf(integration: LarkIntegration, { openId }: Person): Promise<LarkProfile> {
    try {
      return await this.inspections.for(integration.settings).profile(openId)
    } catch (error) {
      this.log.debug('a profile can not be read', { integration: integration.id }, error)
      return {}
    }
  }

  private async note(manager: EntityManager, person: Person, user: HostUser, { name }: LarkProfile): Promise<void> {
    await manager.query(
      `UPDATE plugin_lark_user SET platform_user_id = $3, name = coalesce(name, $4)
       WHERE integration_id = $1 AND open_id = $2`,
      [person.integrationId, person.openId, user.id, name ?? null]
    )
  }
}
