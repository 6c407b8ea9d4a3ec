import { Injectable } from '@nestjs/common'
import { LRUCache } from 'lru-cache'
import { Language, languageOf } from '../i18n'
import { frameDueInMs, HeldReply, isRepeatable, ReplyTarget, ReplyWriter } from '../reply'
import { IntegrationReader, LarkIntegration } from '../settings'
import { Clock, LeaseLostError, Log } from '../shared'
import { AnswerAssembly, AnswerEnd } from './answer-assembly'
import { endOf } from './answer-end'
import { finalFrame, growingFrame } from './answer-frame'
import { Attempts } from './attempts'
import { nextEvents, runStarts, SILENT_MS } from './followed-run'
import { RunEventRepository, StoredRunEvent } from './run-event.repository'
import { RunningTurn, TurnRepository } from './turn.repository'
import { Wakeups } from './wakeups'

/** Answers under way whose assembly is kept between two flushes of this process; a lost one is built again from its events. */
const MAX_ASSEMBLIES = 1_000

/** Lark knows a uuid for an hour (lark-platform §5.2); later the same call might be a second answer. */
const UUID_MS = 55 * 60_000

interface Progress {
  answer: AnswerAssembly
  sequence: number
  runStartedAt: number | null
  /** When the last applied event was stored, by this process's clock. */
  heardAt: Date | null
}

interface Flush {
  turn: RunningTurn
  integration: LarkIntegration
  held: HeldReply
  progress: Progress
  language: Language
}

/**
 * Brings stored run events to the person: whoever stored one takes the reply's lease for one flush, applies what continues
 * the sequence, shows it, and lets go. Stages of a flush: read, choose the run, apply in order, show at most one frame a
 * second, end the turn after the final frame.
 */
@Injectable()
export class RunFollower {
  private readonly log = new Log('conversation')
  private readonly wakeups = new Wakeups((turnId, attempt) => this.flush(turnId, attempt))
  private readonly known = new LRUCache<string, Progress>({ max: MAX_ASSEMBLIES })
  private readonly lost = new Set<string>()

  constructor(
    private readonly turns: TurnRepository,
    private readonly events: RunEventRepository,
    private readonly writer: ReplyWriter,
    private readonly integrations: IntegrationReader,
    private readonly attempts: Attempts,
    private readonly clock: Clock
  ) {}

  /** Something new was stored. `urgent`: the run's end, which waits for no frame interval. */
  wake(turnId: string, attempt: string, urgent: boolean): void {
    this.wakeups.ring(turnId, attempt, urgent)
  }

  /** Somebody must look at this answer after a while. */
  wakeIn(turnId: string, attempt: string, delayMs: number): void {
    this.wakeups.ringIn(turnId, attempt, delayMs)
  }

  /** The host has forgotten this run: what is there is shown, and the turn ends. */
  giveUp(turnId: string, attempt: string): void {
    this.lost.add(attempt)
    this.wake(turnId, attempt, true)
  }

  stop(): Promise<void> {
    return this.wakeups.stop()
  }

  /** True when there is more to show at once. Never rejects. */
  private async flush(turnId: string, attempt: string): Promise<boolean> {
    try {
      const turn = await this.turns.findRunning(turnId, attempt)
      if (!turn) {
        this.known.delete(attempt)
        this.lost.delete(attempt)
        return false
      }
      const integration = await this.integrations.find(turn.integrationId)
      if (!integration) return false
      const held = await this.writer.hold({ turnId, integrationId: turn.integrationId, chatId: turn.chatId })
      if (!held) return false
      const language = languageOf(integration.settings.preferLanguage)
      await this.writer.whileHeld(held, () =>
        this.drain({ turn, integration, held, progress: this.progressOf(turn), language })
      )
      return await this.events.hasNext(turnId, attempt)
    } catch (error) {
      this.known.delete(attempt)
      if (!(error instanceof LeaseLostError)) this.log.warn('showing an answer failed', { turn: turnId }, error)
      return false
    }
  }

  private async drain(flush: Flush): Promise<void> {
    const { turn, held, progress } = flush
    let unshown = false
    for (;;) {
      unshown = (await this.advance(turn, progress)) || unshown
      const end = endOf(turn, progress.answer, this.lost.has(turn.attempt))
      if (end === 'again') return void (await this.attempts.dispatchAgain(turn))
      if (end) return this.finish(flush, end)
      if (!unshown || this.wakeups.stopping) return
      const due = frameDueInMs(held.lastFrameAt, this.clock.now())
      if (due > 0) {
        await this.wakeups.pause(turn.attempt, due)
        continue
      }
      await this.writer.show(
        flush.integration.settings,
        targetOf(turn),
        held,
        growingFrame(progress.answer, flush.language)
      )
      await this.turns.noteProgress(turn)
      unshown = false
    }
  }

  private async finish(flush: Flush, end: AnswerEnd): Promise<void> {
    const { turn, progress } = flush
    const { frame, phase, outcome, reason } = finalFrame(progress.answer, end, flush.language)
    const target = targetOf(turn)
    if (turn.stopReason === 'recalled' && !flush.held.messageId && !flush.held.maybeSent) {
      // Nobody waits for a word about a message that was taken back.
      await this.attempts.end(turn, { outcome, reason: turn.stopReason })
      return
    }
    try {
      const delivered = await this.writer.finish(flush.integration.settings, target, flush.held, frame, phase)
      const ended = delivered
        ? { outcome, reason: end === 'stopped' ? (turn.stopReason ?? reason) : reason }
        : { outcome: 'failed' as const, reason: 'delivery_failed' }
      await this.attempts.end(turn, ended)
    } catch (error) {
      if (!isRepeatable(error) || !this.isTooLate(progress)) throw error
      this.log.error('it stays unknown whether an answer was delivered', { turn: turn.id }, error)
      await this.attempts.end(turn, { outcome: 'failed', reason: 'delivery_unknown' })
    }
    this.known.delete(turn.attempt)
    this.lost.delete(turn.attempt)
  }

  private isTooLate(progress: Progress): boolean {
    const heardAt = progress.heardAt ?? this.clock.now()
    return this.clock.now().getTime() - heardAt.getTime() >= UUID_MS
  }

  /** Applies what continues the followed run; true when there is something new to show. */
  private async advance(turn: RunningTurn, progress: Progress): Promise<boolean> {
    const events = await this.events.unshown(turn.attempt, progress.sequence)
    const starts = runStarts(events)
    progress.runStartedAt ??= starts[0] ?? null
    if (progress.runStartedAt === null) return false
    let isNew = this.apply(turn, progress, events)
    const newest = starts.at(-1) ?? progress.runStartedAt
    // A run that has ended answers, whatever the host starts after it.
    if (!progress.answer.end && newest > progress.runStartedAt && (await this.isSilent(turn.attempt, newest))) {
      this.log.info('the host runs this attempt again, its text starts over', { turn: turn.id })
      Object.assign(progress, newProgress(newest))
      isNew = this.apply(turn, progress, await this.events.unshown(turn.attempt, 0))
    }
    turn.runStartedAt = progress.runStartedAt
    turn.appliedSequence = progress.sequence
    turn.conversationId = progress.answer.conversationId ?? turn.conversationId
    return isNew
  }

  private apply(turn: RunningTurn, progress: Progress, events: readonly StoredRunEvent[]): boolean {
    if (progress.runStartedAt === null) return false
    const next = nextEvents(events, progress.runStartedAt, progress.sequence)
    for (const event of next.apply) progress.answer.apply(event.signal)
    const last = next.apply.at(-1)
    if (last) {
      progress.sequence = last.sequence
      progress.heardAt = new Date(this.clock.now().getTime() - last.ageMs)
    }
    if (next.gapMs !== null) this.wakeups.ringIn(turn.id, turn.attempt, next.gapMs)
    return last !== undefined
  }

  private async isSilent(attempt: string, newestStart: number): Promise<boolean> {
    const silentMs = await this.events.silentMsBefore(attempt, newestStart)
    return silentMs === null || silentMs >= SILENT_MS
  }

  private progressOf(turn: RunningTurn): Progress {
    const known = this.known.get(turn.attempt)
    if (known && known.sequence >= turn.appliedSequence && known.runStartedAt === turn.runStartedAt) return known
    const progress = newProgress(turn.runStartedAt)
    this.known.set(turn.attempt, progress)
    return progress
  }
}

const newProgress = (runStartedAt: number | null): Progress => ({
  answer: new AnswerAssembly(),
  sequence: 0,
  runStartedAt,
  heardAt: null
})

const targetOf = (turn: RunningTurn): ReplyTarget => ({
  turnId: turn.id,
  integrationId: turn.integrationId,
  chatId: turn.chatId,
  anchorMessageId: turn.anchorMessageId,
  inThread: turn.threadId !== null
})
