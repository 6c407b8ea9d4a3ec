import { Injectable } from '@nestjs/common'
import { PluginConfigReader } from '../cluster'
import {
  Clock,
  ENDED_AS_FAILED,
  inTime,
  LeaseLostError,
  LimitedLog,
  Log,
  STATEMENT_MS,
  TimedOutError,
  within
} from '../shared'
import { backoffSeconds, MAX_ATTEMPTS } from './backoff'
import { ClaimedEvent, HandlingResult, InboxHandler } from './inbox-handler'
import { InboxRepository } from './inbox.repository'
import { isRefusedData } from './refused-data'

/** Well within a claim's life, so that one missed renewal loses nothing. */
const RENEW_MS = 3_000

/** Finds what a crash of another process left behind; a living process wakes its own worker. */
const POLL_MS = 2_000

/** Under load the next claim waits so long after the last one, and takes what came meanwhile; a lone event finds no last one. */
const GATHER_MS = 10

/**
 * Where more wait than may be in work, a claim waits until half of the places are free, and no longer than this: for one row it
 * costs about as much as for eight, and so does what is then done for them together.
 */
const CROWDED_MS = 50

/** Longer than any handling: one that waits on a dead connection would hold its chat, and its place, for a quarter of an hour. */
const WORK_MS = 120_000

/** The host leaves a stopping plugin about 6 s (host-observed 34): running work gets most of them, giving back the rest. */
const FINISH_MS = 4_000
const GIVE_BACK_MS = 1_000

const EXHAUSTED = { state: 'failed', reason: 'attempts_exhausted' } as const

interface RunningClaim {
  claim: ClaimedEvent
  renewal: NodeJS.Timeout
  work: Promise<void>
}

/**
 * Claims rows lane by lane and hands them to the `InboxHandler`. A wake-up is only a doorbell: the table is the truth.
 */
@Injectable()
export class InboxWorker {
  private readonly log = new Log('inbox')
  private readonly limited: LimitedLog
  private readonly running = new Set<RunningClaim>()
  private timer: NodeJS.Timeout | undefined
  private state: 'stopped' | 'running' = 'stopped'
  private claiming = false
  private gathering: NodeJS.Timeout | undefined
  private isCrowded = false
  private lastClaim: Promise<void> = Promise.resolve()
  private rung = false

  constructor(
    private readonly repository: InboxRepository,
    private readonly handler: InboxHandler,
    private readonly clock: Clock,
    private readonly config: PluginConfigReader
  ) {
    this.limited = new LimitedLog(this.log, clock)
  }

  /** Rows in work at a time in this process: routing is short, the run itself is not part of it. */
  private get concurrency(): number {
    return this.config.read().limits.concurrentMessages
  }

  private get free(): number {
    return this.concurrency - this.running.size
  }

  start(): void {
    if (this.state === 'running') return
    this.state = 'running'
    this.timer = setInterval(() => this.wake(), POLL_MS)
    this.timer.unref()
    this.wake()
  }

  /** No new claims; running work finishes, or its rows are given back, within 5 s. */
  async stop(): Promise<void> {
    this.state = 'stopped'
    clearInterval(this.timer)
    const finished = this.lastClaim.then(() => Promise.allSettled([...this.running].map(({ work }) => work)))
    await within(FINISH_MS, finished)
    if (this.running.size > 0) await within(GIVE_BACK_MS, this.giveBack([...this.running]))
  }

  /** Without their token the work that still runs can write nothing more. */
  private async giveBack(unfinished: readonly RunningClaim[]): Promise<void> {
    for (const { renewal } of unfinished) clearInterval(renewal)
    await Promise.allSettled(unfinished.map(({ claim }) => this.repository.release(claim, 0, false)))
    this.log.info('unfinished events were given back', { events: unfinished.length })
  }

  wake(): void {
    this.rung = true
    if (this.claiming || this.isGathering()) return
    if (this.state === 'running' && this.free > 0) this.lastClaim = this.claim()
  }

  private isGathering(): boolean {
    return this.gathering !== undefined && !(this.isCrowded && this.free * 2 >= this.concurrency)
  }

  /** Never rejects. */
  private async claim(): Promise<void> {
    this.claiming = true
    this.rung = false
    this.isCrowded = false
    clearTimeout(this.gathering)
    const limit = this.free
    const statement = this.repository.claim(limit)
    try {
      const claims = await inTime(STATEMENT_MS, 'a claim', statement)
      this.isCrowded = claims.length === limit
      // The stop came while the database answered.
      if (this.isStopped()) await Promise.all(claims.map((claim) => this.repository.release(claim, 0, false)))
      else for (const claim of claims) this.run(claim)
    } catch (error) {
      if (error instanceof TimedOutError) void this.giveBackLate(statement)
      this.limited.warn('claim', 'claiming failed, the next poll tries again', {}, error)
    } finally {
      this.claiming = false
      this.gathering = setTimeout(() => this.gathered(), this.isCrowded ? CROWDED_MS : GATHER_MS)
    }
  }

  /** Their claims may have run out, and others wait in their places. What never comes back runs out by itself. Never rejects. */
  private async giveBackLate(statement: Promise<ClaimedEvent[]>): Promise<void> {
    const claims = await statement.catch(() => [])
    await Promise.allSettled(claims.map((claim) => this.repository.release(claim, 0, false)))
  }

  private gathered(): void {
    this.gathering = undefined
    if (this.rung) this.wake()
  }

  private run(claim: ClaimedEvent): void {
    const renewal = setInterval(() => {
      this.repository
        .renew(claim)
        .catch((error: unknown) => this.limited.warn('renewal', 'a claim was not renewed', { event: claim.id }, error))
    }, RENEW_MS)
    const running: RunningClaim = { claim, renewal, work: this.workInTime(claim) }
    running.work = running.work.finally(() => {
      clearInterval(renewal)
      this.running.delete(running)
      this.wake()
    })
    this.running.add(running)
  }

  /** Never rejects. What hangs is renewed no more: once its claim has run out it can write nothing, and others have the row. */
  private async workInTime(claim: ClaimedEvent): Promise<void> {
    try {
      await inTime(WORK_MS, 'the handling of an event', this.work(claim))
    } catch (error) {
      this.log.warn('handling an event hangs, its claim is left to its expiry', { event: claim.id }, error)
    }
  }

  /** Never rejects. */
  private async work(claim: ClaimedEvent): Promise<void> {
    try {
      // Its process ended at every attempt without a word: the next one may end too.
      if (claim.attempt > MAX_ATTEMPTS) return await this.giveUpSilently(claim)
      const result = await this.handler.handle(claim)
      if (result.state === 'attached') return
      if (result.state === 'received') await this.repository.release(claim, result.retryInSeconds, false)
      else await this.end(claim, result)
    } catch (error) {
      await this.failed(claim, error)
    }
  }

  private async end(
    claim: ClaimedEvent,
    { state, reason, keepPayload }: Extract<HandlingResult, { reason: string }>
  ): Promise<void> {
    await this.repository.end(claim, state, reason, this.clock.now(), keepPayload)
    if (state !== 'failed') return
    const { id, eventType, integrationId, messageId, chatId, tenantId } = claim
    this.log.error(`an event ${ENDED_AS_FAILED}`, {
      reason,
      integration: integrationId,
      event: id,
      type: eventType,
      message: messageId,
      chat: chatId,
      tenant: tenantId
    })
  }

  private async failed(claim: ClaimedEvent, error: unknown): Promise<void> {
    if (error instanceof LeaseLostError) return
    const facts = { event: claim.id, attempt: claim.attempt }
    this.log.warn('handling an event failed', facts, error)
    try {
      if (claim.attempt < MAX_ATTEMPTS && !isRefusedData(error)) {
        await this.repository.release(claim, backoffSeconds(claim.attempt, Math.random()), true)
        return
      }
      await this.giveUp(claim)
    } catch (writeError) {
      this.log.warn('the claim is left to its expiry', facts, writeError)
    }
  }

  /** The person is told first: that may be repeated, and a crash after the row's end would be silence. */
  private async giveUp(claim: ClaimedEvent): Promise<void> {
    await this.handler.exhausted(claim)
    await this.end(claim, EXHAUSTED)
  }

  /** Telling may be what ends the process. */
  private async giveUpSilently(claim: ClaimedEvent): Promise<void> {
    await this.end(claim, EXHAUSTED)
    await this.handler.exhausted(claim)
  }

  private isStopped(): boolean {
    return this.state === 'stopped'
  }
}
