import { Injectable } from '@nestjs/common'
import { currentCaller, IntegrationRows } from '../../host'
import { InboxActivity } from '../../inbox'
import { appKeyOf, CARD_ACTION, MESSAGE_RECEIVED } from '../../lark'
import { ConnectionStatuses } from '../../long-connection'
import { LarkSettings, PublishedExperts } from '../../settings'
import { noFigures, WebhookActivity } from '../../webhook'
import { webhookUrlOf } from '../webhook-url'
import { DoctorFacts } from './doctor-facts'

/** What is recorded here of an integration. Asks nobody outside; throws when our own database fails. */
@Injectable()
export class OwnRecords {
  constructor(
    private readonly statuses: ConnectionStatuses,
    private readonly callbacks: WebhookActivity,
    private readonly activity: InboxActivity,
    private readonly rows: IntegrationRows,
    private readonly experts: PublishedExperts
  ) {}

  /** Whoever tests may name any id, so only one of the caller's own tenant and organisation is looked at. */
  async of(
    settings: LarkSettings,
    named: string | undefined
  ): Promise<Pick<DoctorFacts, 'connection' | 'callbacks' | 'last' | 'webhookUrl' | 'expert'>> {
    const caller = currentCaller()
    const id = named !== undefined && (await this.rows.isOwn(named, caller)) ? named : undefined
    const [connection, callbacks, message, click, expert] = await Promise.all([
      id ? this.statuses.of({ ...caller, id, settings }) : this.statuses.seenBy(appKeyOf(settings), caller),
      id ? this.callbacks.of(id) : noFigures(),
      id ? this.activity.lastOf(id, MESSAGE_RECEIVED) : null,
      id ? this.activity.lastOf(id, CARD_ACTION) : null,
      id ? this.experts.of({ ...caller, id, settings }) : null
    ])
    const webhookUrl = webhookUrlOf(process.env['API_BASE_URL'], named)
    return { connection, callbacks, last: { message, click }, webhookUrl, expert }
  }
}
