import {
  ConflictException,
  ForbiddenException,
  Injectable,
  NotFoundException,
  ServiceUnavailableException,
  UnauthorizedException
} from '@nestjs/common'
import { Access, Caller, callerMay, currentCaller, IntegrationRows, PERMISSIONS_FOR, readerLanguage } from '../host'
import { languageFrom, say, TextKey } from '../i18n'
import { IntegrationReader } from './integration-reader'
import { LarkIntegration } from './lark-settings'

type Scope = Pick<Caller, 'tenantId' | 'organizationId'>

/**
 * The one way from an id that somebody names to an integration: permission first, then the caller's own tenant and
 * organisation, because the host reads integrations by id alone (host-contract §10 13). What belongs to others answers as
 * what does not exist. Throws Nest's exceptions in the reader's language.
 */
@Injectable()
export class IntegrationAccess {
  constructor(
    private readonly integrations: IntegrationReader,
    private readonly rows: IntegrationRows
  ) {}

  /** `scope`: as the host names it where it does; else the request's own. */
  async open(integrationId: string, access: Access, scope?: Scope): Promise<LarkIntegration> {
    const caller = currentCaller()
    if (!caller.userId || !caller.tenantId) throw new UnauthorizedException(text('loginNeeded'))
    if (!callerMay(access)) throw new ForbiddenException(text('permissionNeeded', PERMISSIONS_FOR[access].join(' / ')))
    const found = await this.integrations.lookUp(integrationId)
    if (found === 'unavailable') throw new ServiceUnavailableException(text('tryAgainLater'))
    const scopes = scope ? [caller, scope] : [caller]
    if (found === 'unusable' && (await this.isRowOf(scopes, integrationId)))
      throw new ConflictException(text('integrationUnusable'))
    if (typeof found === 'string' || !isOf(scopes, found.integration))
      throw new NotFoundException(text('integrationNotFound'))
    return found.integration
  }

  /** Whose one is that could not be parsed, its row says. */
  private async isRowOf(scopes: readonly Scope[], integrationId: string): Promise<boolean> {
    try {
      const own = await Promise.all(scopes.map((scope) => this.rows.isOwn(integrationId, scope)))
      return own.every(Boolean)
    } catch {
      throw new ServiceUnavailableException(text('tryAgainLater'))
    }
  }
}

const isOf = (scopes: readonly Scope[], { tenantId, organizationId }: LarkIntegration): boolean =>
  scopes.every((one) => one.tenantId === tenantId && (one.organizationId ?? null) === organizationId)

const text = (key: TextKey, permissions = ''): string => say(key, languageFrom(readerLanguage()), { permissions })
