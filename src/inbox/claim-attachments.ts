import { EntityManager } from 'typeorm'
import { GroupedQueue, LeaseLostError } from '../shared'
import { ClaimedEvent } from './inbox-handler'

const MAX_GROUP = 50

interface Attachment {
  claim: ClaimedEvent
  turnId: string
}

const WITHIN = { isWithinTransaction: true }

const ATTACH_ALL = `
  UPDATE plugin_lark_inbound_event event
  SET claim_token = NULL, claim_expires_at = NULL, state = 'attached', turn_id = attached.turn_id
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS attached (id, token, turn_id)
  WHERE event.id = attached.id AND event.claim_token = attached.token AND event.state = 'claimed'
  RETURNING event.id`

/** Joins claimed rows to turns; those of one transaction that are joined in the same breath share a statement. */
export class ClaimAttachments {
  /** Without a limit: each is of one transaction, which ends as a whole. */
  private readonly queues = new WeakMap<EntityManager, GroupedQueue<Attachment, boolean>>()

  /** Throws `LeaseLostError` when somebody else holds the row by now. */
  async attach(manager: EntityManager, claim: ClaimedEvent, turnId: string): Promise<void> {
    if (!(await this.queueOf(manager).add({ claim, turnId }))) throw new LeaseLostError('inbox claim', { id: claim.id })
  }

  private queueOf(manager: EntityManager): GroupedQueue<Attachment, boolean> {
    const queue = this.queues.get(manager) ?? new GroupedQueue((all) => attachAll(manager, all), MAX_GROUP, WITHIN)
    this.queues.set(manager, queue)
    return queue
  }
}

const attachAll = async (manager: EntityManager, all: readonly Attachment[]): Promise<boolean[]> => {
  const result = await manager.query<[{ id: string }[], number]>(ATTACH_ALL, [
    all.map(({ claim }) => claim.id),
    all.map(({ claim }) => claim.claimToken),
    all.map(({ turnId }) => turnId)
  ])
  const written = new Set(result[0].map(({ id }) => id))
  return all.map(({ claim }) => written.has(claim.id))
}
