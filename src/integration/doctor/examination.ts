import { Injectable } from '@nestjs/common'
import { currentCaller, IntegrationRows } from '../../host'
import { InboxActivity } from '../../inbox'
import {
  AppInspection,
  AppInspections,
  appKeyOf,
  Audience,
  CARD_ACTION,
  ConsoleApp,
  LARK_CODES,
  LarkApis,
  MESSAGE_RECEIVED,
  PEOPLE_SCOPES
} from '../../lark'
import { ConnectionStatuses } from '../../long-connection'
import { LarkSettings } from '../../settings'
import { noFigures, WebhookActivity } from '../../webhook'
import { webhookUrlOf } from '../webhook-url'
import { DoctorFacts, Finding, findOut, isKnown, isRefused } from './doctor-facts'

/** All questions to Lark are asked at once; the host's page waits for the answer. */
const LIMIT_MS = 4_000

/** Any one of them lets an app read what the console says of it. */
const SELF_SCOPES = ['application:application:self_manage', 'admin:app.info:readonly']

const mayReadItself = (scopes: Finding<ReadonlySet<string>>): boolean => hasOneOf(scopes, SELF_SCOPES)

const hasOneOf = (granted: Finding<ReadonlySet<string>>, scopes: readonly string[]): boolean =>
  isKnown(granted) && scopes.some((scope) => granted.known.has(scope))

/** Lark would refuse it, so it is not asked. */
const refusedItself = (scopes: Finding<ReadonlySet<string>>): Finding<ConsoleApp> =>
  isKnown(scopes) ? { refused: 'forbidden', larkCode: LARK_CODES.scopeMissing } : scopes

/** What Lark said of an app. */
export type Asked = Pick<
  DoctorFacts,
  'credentials' | 'endpoint' | 'bot' | 'scopes' | 'app' | 'connections' | 'audience' | 'userGroups'
>

export const askedOf = (facts: DoctorFacts): Asked => {
  const { credentials, endpoint, bot, scopes, app, connections, audience, userGroups } = facts
  return { credentials, endpoint, bot, scopes, app, connections, audience, userGroups }
}

/** Gathers what the doctor's lines are made of. Calls Lark about a dozen times: only when a person asks. */
@Injectable()
export class Examination {
  constructor(
    private readonly inspections: AppInspections,
    private readonly apis: LarkApis,
    private readonly statuses: ConnectionStatuses,
    private readonly callbacks: WebhookActivity,
    private readonly activity: InboxActivity,
    private readonly rows: IntegrationRows
  ) {}

  /**
   * `integrationId`: undefined before the first save. Throws only when our own database fails.
   * @param known what Lark said a moment ago: only whether it takes the secret is asked again
   */
  async of(settings: LarkSettings, integrationId: string | undefined, known?: Asked): Promise<DoctorFacts> {
    const lark = this.inspections.for(settings)
    const asking = known ? this.askAgain(lark, known) : this.ask(lark, settings)
    const [asked, local] = await Promise.all([asking, this.look(settings, integrationId)])
    return { settings, isSaved: integrationId !== undefined, ...asked, ...local }
  }

  private async askAgain(lark: AppInspection, known: Asked): Promise<Asked> {
    return { ...known, credentials: await findOut(LIMIT_MS, () => lark.credentials()) }
  }

  private async ask(lark: AppInspection, settings: LarkSettings): Promise<Asked> {
    const credentials = await findOut(LIMIT_MS, () => lark.credentials())
    // Whatever else is asked needs a token; the endpoint alone tells the other cloud from a wrong secret.
    const isAccepted = isKnown(credentials)
    const when = <T>(condition: boolean, ask: () => Promise<T>): Promise<Finding<T>> =>
      condition ? findOut(LIMIT_MS, ask) : Promise.resolve('not_asked')
    const isLong = settings.connectionMode === 'long_connection'
    const [endpoint, bot, scopes, connections] = await Promise.all([
      when(isLong || isRefused(credentials, 'credentials'), () => lark.endpoint()),
      when(isAccepted, () => this.apis.for(settings).getBot()),
      when(isAccepted, () => lark.grantedScopes()),
      when(isAccepted, () => lark.connections())
    ])
    const [app, userGroups] = await Promise.all([
      mayReadItself(scopes) ? findOut(LIMIT_MS, () => lark.app()) : refusedItself(scopes),
      when(hasOneOf(scopes, PEOPLE_SCOPES), () => lark.isByUserGroups())
    ])
    const online = isKnown(app) ? app.known.onlineVersionId : undefined
    const audience = await when<Audience | undefined>(online !== undefined, () => lark.audience(online ?? ''))
    return { credentials, endpoint, bot, scopes, app, connections, audience, userGroups }
  }

  /** Whoever tests may name any id, so only one of the caller's own tenant and organisation is looked at. */
  private async look(settings: LarkSettings, named: string | undefined) {
    const caller = currentCaller()
    const id = named !== undefined && (await this.rows.isOwn(named, caller)) ? named : undefined
    const [connection, callbacks, message, click] = await Promise.all([
      this.statuses.seenBy(appKeyOf(settings), caller, id),
      id ? this.callbacks.of(id) : noFigures(),
      id ? this.activity.lastOf(id, MESSAGE_RECEIVED) : null,
      id ? this.activity.lastOf(id, CARD_ACTION) : null
    ])
    const webhookUrl = webhookUrlOf(process.env['API_BASE_URL'], named)
    return { connection, callbacks, last: { message, click }, webhookUrl }
  }
}
