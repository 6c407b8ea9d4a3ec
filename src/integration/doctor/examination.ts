import { Injectable } from '@nestjs/common'
import {
  AppInspection,
  AppInspections,
  Audience,
  ConsoleApp,
  hasOneOf,
  LARK_CODES,
  LarkApis,
  PEOPLE_SCOPES
} from '../../lark'
import { LarkSettings } from '../../settings'
import { DoctorFacts, Finding, findOut, isKnown, isRefused } from './doctor-facts'
import { OwnRecords } from './own-records'

/** All questions to Lark are asked at once; the host's page waits for the answer. */
const LIMIT_MS = 4_000

/** Any one of them lets an app read what the console says of it. */
const SELF_SCOPES = ['application:application:self_manage', 'admin:app.info:readonly']

const mayReadItself = (granted: Finding<ReadonlySet<string>>): boolean =>
  isKnown(granted) && hasOneOf(granted.known, SELF_SCOPES)

const mayReadPeople = (granted: Finding<ReadonlySet<string>>): boolean =>
  isKnown(granted) && hasOneOf(granted.known, PEOPLE_SCOPES)

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
    private readonly records: OwnRecords
  ) {}

  /**
   * `integrationId`: undefined before the first save. Throws only when our own database fails.
   * @param known what Lark said a moment ago: only whether it takes the secret is asked again
   */
  async of(settings: LarkSettings, integrationId: string | undefined, known?: Asked): Promise<DoctorFacts> {
    const lark = this.inspections.for(settings)
    const asking = known ? this.askAgain(lark, known) : this.ask(lark, settings)
    const [asked, local] = await Promise.all([asking, this.records.of(settings, integrationId)])
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
      when(mayReadPeople(scopes), () => lark.isByUserGroups())
    ])
    const online = isKnown(app) ? app.known.onlineVersionId : undefined
    const audience = await when<Audience | undefined>(online !== undefined, () => lark.audience(online ?? ''))
    return { credentials, endpoint, bot, scopes, app, connections, audience, userGroups }
  }
}
