import { Injectable } from '@nestjs/common'
import { inTime, messageOf, TimedOutError } from '../shared'
import { HandoffMessage } from './handoff-message'
import { HostContext, HostUnavailableError } from './host-context'

const INTEGRATION_SERVICE = 'XPERT_PLUGIN_INTEGRATION_PERMISSION_SERVICE'
const VIEW_CACHE = 'XPERT_PLUGIN_VIEW_EXTENSION_CACHE_SERVICE'
const HANDOFF_SERVICE = 'XPERT_PLUGIN_HANDOFF_PERMISSION_SERVICE'

const USER_SERVICE = 'XPERT_PLUGIN_USER_PERMISSION_SERVICE'
const ACCOUNT_BINDING_SERVICE = 'XPERT_PLUGIN_ACCOUNT_BINDING_PERMISSION_SERVICE'
/** Whose accounts are bound: the name that the host's own Lark login uses. */
const BINDING_PROVIDER = 'lark'

/** The host's reads take milliseconds. */
const ANSWER_MS = 5_000

/** What this plugin asks the host for; listed in the plugin object's `permissions`. */
export const PERMISSIONS = [
  { type: 'integration', service: 'lark', operations: ['read'] },
  { type: 'handoff', operations: ['enqueue'] },
  { type: 'user', operations: ['read', 'write'] },
  { type: 'account_binding', operations: ['read'], providers: ['lark'] }
]

/** An integration as the host keeps it. */
export interface HostIntegration {
  id: string
  tenantId: string
  organizationId: string | null
  name: string
  provider: string
  options: Record<string, unknown> | null
}

/** A platform user, as far as it is read here. */
export interface HostUser {
  id: string
  tenantId: string
  preferredLanguage?: string | null
}

/** A person whom the host may make a user of. */
export interface NewUser {
  tenantId: string
  thirdPartyId: string
  profile: { firstName?: string; imageUrl?: string; preferredLanguage?: string }
  defaults: { roleName?: string }
}

interface UserService {
  read(where: { tenantId: string; thirdPartyId: string }): Promise<HostUser | null>
  provisionByThirdPartyIdentity(input: NewUser): Promise<HostUser | null>
}

interface AccountBindingService {
  resolveBoundUser(input: { provider: string; subjectId: string; tenantId: string }): Promise<HostUser | null>
}

interface IntegrationService {
  read(id: string): Promise<HostIntegration | null>
}

interface HandoffService {
  enqueue(message: HandoffMessage, options?: { delayMs?: number }): Promise<{ id: string }>
}

/** Whose tabs they are. */
export interface ViewHostIdentity {
  tenantId: string
  organizationId: string | null
  hostType: string
  hostId: string
}

interface ViewCacheService {
  invalidateHostIdentity(
    identity: Omit<ViewHostIdentity, 'organizationId'> & { organizationId?: string }
  ): Promise<void>
}

/**
 * The host's services, resolved at the moment of use: `ctx.resolve` does not work before the application has started.
 */
@Injectable()
export class HostServices {
  constructor(private readonly context: HostContext) {}

  /** By id alone: the host filters neither by tenant nor by provider, and answers null on its own errors (host-contract §10 13). */
  async readIntegration(id: string): Promise<HostIntegration | null> {
    const service = this.resolve<IntegrationService>(INTEGRATION_SERVICE, 'integration service')
    return answered('integration service', service.read(id))
  }

  /**
   * The user who has bound this Lark identity, else the one that was made for it. Null is no proof that there is none: the
   * host answers null on its own errors too.
   */
  async findUser(tenantId: string, unionId: string): Promise<HostUser | null> {
    const bindings = this.resolve<AccountBindingService>(ACCOUNT_BINDING_SERVICE, 'account binding service')
    const subject = { provider: BINDING_PROVIDER, subjectId: unionId, tenantId }
    const bound = await answered('account binding service', bindings.resolveBoundUser(subject))
    if (isOf(tenantId, bound)) return bound
    const users = this.resolve<UserService>(USER_SERVICE, 'user service')
    const known = await answered('user service', users.read({ tenantId, thirdPartyId: unionId }))
    return isOf(tenantId, known) ? known : null
  }

  /** Works only in the host's own request context: inside a handoff message (host-contract §5). */
  async provisionUser(input: NewUser): Promise<HostUser | null> {
    const users = this.resolve<UserService>(USER_SERVICE, 'user service')
    // Without a limit: whoever asks again while the host is at work might make a second user.
    const user = await users.provisionByThirdPartyIdentity(input)
    return isOf(input.tenantId, user) ? user : null
  }

  /** Throws `HostUnavailableError` when the message may not have been queued. */
  async enqueue(message: HandoffMessage, options?: { delayMs?: number }): Promise<void> {
    try {
      await this.resolve<HandoffService>(HANDOFF_SERVICE, 'handoff queue').enqueue(message, options)
    } catch (error) {
      if (error instanceof HostUnavailableError) throw error
      throw new HostUnavailableError(`handoff queue (${messageOf(error)})`, error)
    }
  }

  /** Lets the host ask for an integration's tabs anew; without its cache service they are at most a minute old. */
  async forgetViews({ organizationId, ...identity }: ViewHostIdentity): Promise<void> {
    try {
      const cache = this.resolve<ViewCacheService>(VIEW_CACHE, 'view cache')
      const whose = { ...identity, ...(organizationId ? { organizationId } : {}) }
      await answered('view cache', cache.invalidateHostIdentity(whose))
    } catch {
      return
    }
  }

  private resolve<T>(token: string, what: string): T {
    try {
      return this.context.resolve<T>(token)
    } catch (error) {
      throw new HostUnavailableError(what, error)
    }
  }
}

/** Throws `HostUnavailableError` where the host leaves a call without an answer: whoever waits for it holds up others. */
const answered = async <T>(what: string, call: Promise<T>): Promise<T> => {
  try {
    return await inTime(ANSWER_MS, what, call)
  } catch (error) {
    throw error instanceof TimedOutError ? new HostUnavailableError(what, error) : error
  }
}

const isOf = (tenantId: string, user: HostUser | null): user is HostUser =>
  typeof user?.id === 'string' && user.tenantId === tenantId
