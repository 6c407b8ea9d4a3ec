import { Injectable } from '@nestjs/common'
import { Clock, LeaseLostError, Log } from '../shared'
import { backoffSeconds, MAX_ATTEMPTS } from './backoff'
import { ClaimedEvent, InboxHandler } from './inbox-handler'
import { InboxRepository } from './inbox.repository'

/** Rows in work at a time in this process: routing is short, the run itself is not part of it. */
const CONCURRENCY = 16

/** Well within a claim's life, so that one missed renewal loses nothing. */
const RENEW_MS = 3_000

/** Finds what a crash of another process left behind; a living process wakes its own worker. */
const POLL_MS = 2_000

/** The host leaves a stopping plugin about 6 s (host-observed 34). */
const STOP_MS = 5_000

/**
 * Claims rows lane by lane and hands them to the `InboxHandler`. A wake-up is only a doorbell: the table is the truth.
 */
@Injectable()
export class InboxWorker {
  private readonly log = new Log('inbox')
  private readonly running = new Set<Promise<void>>()
  private timer: NodeJS.Timeout | undefined
  private state: 'stopped' | 'running' = 'stopped'
  private claiming = false
  private lastClaim: Promise<void> = Promise.resolve()
  private rung = false

  constructor(
    private readonly repository: InboxRepository,
    private readonly handler: InboxHandler,
    private readonly clock: Clock
  ) {}

  start(): void {
    if (this.state === 'running') return
    this.state = 'running'
    this.timer = setInterval(() => this.wake(), POLL_MS)
    this.timer.unref()
    this.wake()
  }

  /** No new claims; running work finishes within 5 s, or its claim expires soon after the process is gone. */
  async stop(): Promise<void> {
    this.state = 'stopped'
    clearInterval(this.timer)
    let limit: NodeJS.Timeout | undefined
    const patience = new Promise<void>((resolve) => {
      limit = setTimeout(resolve, STOP_MS)
    })
    const work = this.lastClaim.then(() => Promise.allSettled([...this.running]))
    await Promise.race([work, patience])
    clearTimeout(limit)
  }

  wake(): void {
    this.rung = true
    if (!this.claiming) this.lastClaim = this.claimLoop()
  }

  private async claimLoop(): Promise<void> {
    this.claiming = true
    try {
      while (this.rung && this.state === 'running' && this.running.size < CONCURRENCY) {
        this.rung = false
        const claims = await this.repository.claim(CONCURRENCY - this.running.size)
        for (const claim of claims) this.run(claim)
      }
    } catch (error) {
      this.log.warn('claiming failed, the next poll tries again', {}, error)
    } finally {
      this.claiming = false
    }
  }

  private run(claim: ClaimedEvent): void {
    const renewal = setInterval(() => {
      this.repository
        .renew(claim)
        .catch((error: unknown) => this.log.warn('a claim was not renewed', { event: claim.id }, error))
    }, RENEW_MS)
    const work = this.work(claim).finally(() => {
      clearInterval(renewal)
      this.running.delete(work)
      this.wake()
    })
    this.running.add(work)
  }

  /** Never rejects. */
  private async work(claim: ClaimedEvent): Promise<void> {
    try {
      // Its process ended at every attempt without a word: the next one may end too.
      if (claim.attempt > MAX_ATTEMPTS) return await this.giveUp(claim)
      const result = await this.handler.handle(claim)
      if (result.state === 'attached') return
      if (result.state === 'received') await this.repository.release(claim, result.retryInSeconds, false)
      else await this.repository.end(claim, result.state, result.reason, this.clock.now())
    } catch (error) {
      await this.failed(claim, error)
    }
  }

  private async failed(claim: ClaimedEvent, error: unknown): Promise<void> {
    if (error instanceof LeaseLostError) return
    const facts = { event: claim.id, attempt: claim.attempt }
    this.log.warn('handling an event failed', facts, error)
    try {
      if (claim.attempt < MAX_ATTEMPTS) {
        await this.repository.release(claim, backoffSeconds(claim.attempt, Math.random()), true)
        return
      }
      await this.giveUp(claim)
    } catch (writeError) {
      this.log.warn('the claim is left to its expiry', facts, writeError)
    }
  }

  private async giveUp(claim: ClaimedEvent): Promise<void> {
    await this.repository.end(claim, 'failed', 'attempts_exhausted', this.clock.now())
    await this.handler.exhausted(claim)
  }
}
