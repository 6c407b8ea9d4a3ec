import { DataSource } from 'typeorm'
import { GroupedQueue, LeaseLostError, STATEMENT_MS } from '../shared'
import { ClaimedEvent } from './inbox-handler'
import { TerminalState } from './inbox-state'

const MAX_GROUP = 50

export interface ClaimEnd {
  state: TerminalState
  reason: string
  at: Date
  /** An admin wants it as context; retention removes it. */
  keepPayload: boolean
}

interface EndedClaim extends ClaimEnd {
  claim: ClaimedEvent
}

const END_ALL = `
  UPDATE plugin_lark_inbound_event event
  SET claim_token = NULL, claim_expires_at = NULL, state = ended.state, reason = ended.reason, ended_at = ended.at,
      payload = CASE WHEN ended.keep OR ended.state NOT IN ('refused', 'dropped') THEN event.payload END
  FROM unnest($1::uuid[], $2::uuid[], $3::varchar[], $4::varchar[], $5::timestamptz[], $6::boolean[])
    AS ended (id, token, state, reason, at, keep)
  WHERE event.id = ended.id AND event.claim_token = ended.token AND event.state = 'claimed'
  RETURNING event.id`

/** Ends claimed rows; those that end at the same time share a statement, a lone one waits for nobody. */
export class ClaimEnds {
  /** A late one does no harm: it ends nothing that was given back or claimed anew, and what it ended is not given back. */
  private readonly queue = new GroupedQueue<EndedClaim, boolean>((ended) => this.endAll(ended), MAX_GROUP, {
    limitMs: STATEMENT_MS
  })

  constructor(private readonly dataSource: DataSource) {}

  /** Throws `LeaseLostError` when somebody else holds the row by now. */
  async end(claim: ClaimedEvent, end: ClaimEnd): Promise<void> {
    if (!(await this.queue.add({ claim, ...end }))) throw new LeaseLostError('inbox claim', { id: claim.id })
  }

  private async endAll(ended: readonly EndedClaim[]): Promise<boolean[]> {
    const result = await this.dataSource.query<[{ id: string }[], number]>(END_ALL, [
      ended.map(({ claim }) => claim.id),
      ended.map(({ claim }) => claim.claimToken),
      ended.map(({ state }) => state),
      ended.map(({ reason }) => reason),
      ended.map(({ at }) => at),
      ended.map(({ keepPayload }) => keepPayload)
    ])
    const written = new Set(result[0].map(({ id }) => id))
    return ended.map(({ claim }) => written.has(claim.id))
  }
}
