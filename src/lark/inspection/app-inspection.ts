import { Injectable } from '@nestjs/common'
import { Clock, JsonObject, objectOf, objectsOf, textOf } from '../../shared'
import { dataOf } from '../answer'
import { CallCounts } from '../call-counts'
import { appKeyOf, LarkApp } from '../lark-app'
import { DirectoryApi } from '../directory/directory-api'
import { LarkCaller } from '../lark-caller'
import { LarkClient, LarkClientFactory } from '../lark-client.factory'
import { endpointRefusal } from '../long-connection-endpoint'
import { RateGovernor } from '../rate-governor'
import { toLarkApiError } from '../to-lark-api-error'
import { Audience, ConsoleApp, parseAudience, parseConsoleApp } from './console-app'

/** A person as the contacts show one; each field needs a scope of its own. */
export interface LarkProfile {
  name?: string
  email?: string
  avatarUrl?: string
}

/** `Incorrect domain name`: an app of the other cloud (lark-platform 2.3). */
const WRONG_CLOUD = 1000040351

/** Lark names a socket, or says why not; null where it gave no usable answer. */
export type EndpointAnswer = { ok: true } | { ok: false; code: number; message: string; isWrongCloud: boolean } | null

/** `grant_status` of a scope that the tenant has granted (application/v6/scopes). */
const GRANTED = 1

/**
 * Questions about one app that no answer to a person needs: for an admin who asks, and for a profile. Every method but
 * `endpoint` throws `LarkApiError`.
 */
export class AppInspection {
  constructor(
    private readonly client: LarkClient,
    private readonly caller: LarkCaller,
    private readonly clock: Clock
  ) {}

  /** Past every token cache. How far Lark's clock is ahead of ours, in milliseconds; null when it does not tell. */
  async credentials(): Promise<{ clockAheadMs: number | null }> {
    const { http, baseUrl, sdk } = this.client
    const url = `${baseUrl}/open-apis/auth/v3/tenant_access_token/internal`
    const body = { app_id: sdk.appId, app_secret: sdk.appSecret }
    const askedAt = this.clock.now().getTime()
    try {
      const answer = await http.post<{ headers: Record<string, unknown> }>(url, body, { $return_headers: true })
      const halfWayMs = (this.clock.now().getTime() - askedAt) / 2
      const serverMs = Date.parse(textOf(answer.headers['date']) ?? '')
      return { clockAheadMs: Number.isNaN(serverMs) ? null : serverMs - askedAt - halfWayMs }
    } catch (error) {
      throw toLarkApiError(error, 'auth.tenantAccessToken')
    }
  }

  /** What a long connection would ask first; opens none. */
  async endpoint(): Promise<EndpointAnswer> {
    const { http, baseUrl, sdk } = this.client
    try {
      await http.post(`${baseUrl}/callback/ws/endpoint`, { AppID: sdk.appId, AppSecret: sdk.appSecret })
      return { ok: true }
    } catch (error) {
      const refusal = endpointRefusal(error)
      return refusal && { ok: false, ...refusal, isWrongCloud: refusal.code === WRONG_CLOUD }
    }
  }

  /** Names of the scopes that the tenant has granted to the app. */
  async grantedScopes(): Promise<ReadonlySet<string>> {
    const { scopes } = await this.ask('application.scope.list', '/open-apis/application/v6/scopes')
    const granted = objectsOf(scopes).filter((scope) => scope['grant_status'] === GRANTED)
    return new Set(granted.flatMap((scope) => textOf(scope['scope_name']) ?? []))
  }

  async app(): Promise<ConsoleApp> {
    const url = `/open-apis/application/v6/applications/${this.client.sdk.appId}`
    return parseConsoleApp((await this.ask('application.get', url, { lang: 'en_us' }))['app'])
  }

  async audience(versionId: string): Promise<Audience | undefined> {
    const url = `/open-apis/application/v6/applications/${this.client.sdk.appId}/app_versions/${versionId}`
    return parseAudience((await this.ask('application.appVersion.get', url, { lang: 'en_us' }))['app_version'])
  }

  /** How many long connections of the app Lark counts, ours included (lark-platform 2.1); null where it does not say. */
  async connections(): Promise<number | null> {
    const count = (await this.ask('event.connection.get', '/open-apis/event/v1/connection'))['online_instance_cnt']
    return typeof count === 'number' ? count : null
  }

  /** Whether the app reads somebody only as a member of a user group. */
  isByUserGroups(): Promise<boolean> {
    return new DirectoryApi(this.caller).isByUserGroups()
  }

  /** Fields that the app may not read are missing. */
  async profile(openId: string): Promise<LarkProfile> {
    const url = `/open-apis/contact/v3/users/${encodeURIComponent(openId)}`
    const user = objectOf((await this.ask('contact.user.get', url, { user_id_type: 'open_id' }))['user'])
    const avatar = objectOf(user['avatar'])
    return { name: textOf(user['name']), email: textOf(user['email']), avatarUrl: textOf(avatar['avatar_240']) }
  }

  private async ask(api: string, url: string, params: Record<string, string> = {}): Promise<JsonObject> {
    return dataOf(await this.caller.call(api, {}, ({ sdk }) => sdk.request<unknown>({ method: 'GET', url, params })))
  }
}

@Injectable()
export class AppInspections {
  constructor(
    private readonly clients: LarkClientFactory,
    private readonly governor: RateGovernor,
    private readonly counts: CallCounts,
    private readonly clock: Clock
  ) {}

  for(app: LarkApp): AppInspection {
    const client = this.clients.clientFor(app)
    const caller = new LarkCaller(client, appKeyOf(app), 'answer', this.governor, this.counts)
    return new AppInspection(client, caller, this.clock)
  }

  /** Changes with the app, its secret and where it is asked; holds no secret. */
  keyOf(app: LarkApp): string {
    return this.clients.clientFor(app).key
  }
}
