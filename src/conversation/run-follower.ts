import { Injectable } from '@nestjs/common'
import { RunCallback } from '../host'
import { frameDueInMs, idsOf, ReplyWriter, STREAMING_RENEW_MS } from '../reply'
import { Clock, elapsedMs, LeaseLostError, Log } from '../shared'
import { AnswerAssembly } from './answer-assembly'
import { endOf, isRefused, RunEnd, unanswerableEnd } from './answer-end'
import { growingFrame } from './answer-frame'
import { isTerminal } from './followed-run'
import { HeldRun, RunFinisher } from './run-finisher'
import { RunProgress, RunProgressReader } from './run-progress'
import { TurnContexts } from './turn-contexts'
import { TurnEnd } from './turn-queue'
import { TurnRepository } from './turn.repository'
import { replyTargetOf } from './reply-target'
import { DEFAULT_TURN_OPTIONS } from './turn.entity'
import { CANCEL_SECONDS, RunningTurn } from './turn-row'
import { Wakeups } from './wakeups'

/** The card appears with the first text, of which a moment's worth is collected; a run that says nothing yet shows one after a second. */
const TEXT_MS = 200
const SILENT_START_MS = 1_000

/** While an event is missing, each further one would only be read in vain. */
const GAP_LOOK_MS = 250

/** Less than what lets others believe that nobody shows an answer. */
const NOTE_MS = 3_000

/** Its answer is there, as it was shown before the settings became unusable. */
const ANSWERED: TurnEnd = { outcome: 'answered', reason: 'answered' }

interface Flush extends HeldRun {
  /** Somebody found, just before this look, that the host has forgotten the run. */
  isLost: boolean
}

/**
 * Brings stored run events to the person: whoever stored one takes the reply's lease for one flush, applies what continues
 * the sequence, shows it, and lets go. Stages of a flush: read, choose the run, apply in order, show a frame where one is due,
 * hand a run that is over to `RunFinisher`.
 */
@Injectable()
export class RunFollower {
  private readonly log = new Log('conversation')
  private readonly wakeups = new Wakeups((turnId, attempt) => this.flush(turnId, attempt))
  /** Attempts given up, until the look that was rung for each of them. */
  private readonly lost = new Set<string>()

  constructor(
    private readonly turns: TurnRepository,
    private readonly progress: RunProgressReader,
    private readonly writer: ReplyWriter,
    private readonly contexts: TurnContexts,
    private readonly finisher: RunFinisher,
    private readonly clock: Clock
  ) {}

  /** An event was stored. */
  heard(turnId: string, { attempt, signal }: RunCallback): void {
    if (isTerminal(signal)) return this.wake(turnId, attempt)
    const saysNothing =
      signal.type === 'conversation_start' || signal.type === 'message_start' || signal.type === 'other'
    const delayMs = saysNothing ? SILENT_START_MS : this.progress.isBlocked(attempt) ? GAP_LOOK_MS : TEXT_MS
    this.wakeups.ringIn(turnId, attempt, delayMs)
  }

  /** Somebody must look at this answer at once, such as for the run's end, which waits for no frame interval. */
  wake(turnId: string, attempt: string): void {
    this.wakeups.ring(turnId, attempt, true)
  }

  /** Somebody must look at this answer after a while. */
  wakeIn(turnId: string, attempt: string, delayMs: number): void {
    this.wakeups.ringIn(turnId, attempt, delayMs)
  }

  /** The host has forgotten this run: what is there is shown, and the turn ends. For the next look only: later the run may be heard again. */
  giveUp(turnId: string, attempt: string): void {
    this.lost.add(attempt)
    this.wake(turnId, attempt)
  }

  stop(): Promise<void> {
    return this.wakeups.stop()
  }

  /** True when there is more to show at once. Never rejects. */
  private async flush(turnId: string, attempt: string): Promise<boolean> {
    let turn: RunningTurn | null = null
    const isLost = this.lost.delete(attempt)
    try {
      turn = await this.turns.findRunning(turnId, attempt)
      if (!turn) {
        this.forget(attempt)
        return false
      }
      const { integration, isRemoved, language } = await this.contexts.of(turn)
      if (!integration) {
        const end = unanswerableEnd(turn, isRemoved, isLost)
        if (end) await this.endUnanswered(turn, end)
        return false
      }
      const held = await this.writer.hold({ turnId, integrationId: turn.integrationId, chatId: turn.chatId })
      if (!held) return false
      const flush = { turn, integration, held, progress: this.progress.of(turn, held.text ?? ''), language, isLost }
      let ended = false
      await this.writer.whileHeld(held, async () => {
        ended = await this.drain(flush)
      })
      return !ended && (await this.progress.hasNext(turnId, attempt))
    } catch (error) {
      this.progress.forget(attempt)
      const ids = turn ? idsOf(replyTargetOf(turn)) : { turn: turnId }
      if (!(error instanceof LeaseLostError)) this.log.warn('showing an answer failed', ids, error)
      return false
    }
  }

  /** Shows frames as long as there is something new; true when the answer has come to its end. */
  private async drain(flush: Flush): Promise<boolean> {
    const { turn, held, progress } = flush
    // It may have begun to wait for a person before this flush had the lease: its events are gone, its card asks.
    if (held.phase === 'waiting' && !(await this.turns.findRunning(turn.id, turn.attempt))) return true
    // Somebody decided: the card says so as soon as the run goes on, also where it shows nothing else before the end.
    let unshown = held.phase === 'waiting' && progress.runStartedAt !== null
    const elapsed = elapsedMs(this.clock)
    let slotAt: number | null = null
    for (;;) {
      this.wakeups.acknowledge(turn.attempt)
      flush.isLost = this.lost.delete(turn.attempt) || flush.isLost
      unshown = (await this.advance(flush)) || unshown
      const end = await this.endOf(flush)
      if (end) return this.finish(flush, end)
      if (!unshown || this.wakeups.stopping || !(streams(turn) || held.phase === 'waiting')) break
      slotAt ??= elapsed() + this.writer.frameDelayMs(flush.integration.settings, held)
      if (slotAt === Number.POSITIVE_INFINITY) break
      const due = Math.max(slotAt - elapsed(), frameDueInMs(held.lastFrameAt, held.form, this.clock.now()))
      if (due > 0) {
        await this.wakeups.pause(turn.attempt, due)
        continue
      }
      await this.showFrame(flush)
      unshown = false
      slotAt = null
    }
    await this.noteProgress(turn, progress)
    // It ends once its run is over: who brings the cancel to the host may have looked too early.
    if (turn.stopReason) this.wakeups.ringIn(turn.id, turn.attempt, CANCEL_SECONDS * 1000)
    await this.keepAlive(flush)
    return false
  }

  private async advance(flush: Flush): Promise<boolean> {
    const { turn, progress } = flush
    const { runStartedAt, appliedSequence } = turn
    const { isNew, gapMs } = await this.progress.advance(turn, progress)
    // What another process has shown before is new here only, and no sign of life.
    if (turn.runStartedAt !== runStartedAt || turn.appliedSequence > appliedSequence) flush.isLost = false
    if (gapMs !== null) this.wakeups.ringIn(turn.id, turn.attempt, gapMs)
    return isNew
  }

  private async endOf(flush: Flush): Promise<RunEnd | null> {
    const { turn, isLost } = flush
    const { answer } = flush.progress
    if (answer.end === 'cancelled' || answer.end === 'failed') await this.readWish(turn)
    const end = endOf(turn, answer, isLost)
    if (end !== 'failed' || answer.hasWords) return end
    const refused = isRefused(turn, answer)
    const conversation = await this.contexts.conversationOf(turn, refused)
    flush.isUnsaid = conversation === 'unsaid'
    if (conversation !== 'lost') return end
    return refused && !turn.resume ? 'anew' : 'gone'
  }

  /** Somebody may have stopped the run while this flush was at work. */
  private async readWish(turn: RunningTurn): Promise<void> {
    turn.stopReason = (await this.turns.findRunning(turn.id, turn.attempt))?.stopReason ?? turn.stopReason
  }

  private async showFrame({ turn, held, progress, integration, language }: Flush): Promise<void> {
    const answer = streams(turn) ? progress.answer : new AnswerAssembly(progress.base)
    const frame = growingFrame(answer, turn, language)
    await this.writer.show(integration.settings, replyTargetOf(turn), held, frame)
    const now = this.clock.now().getTime()
    progress.notedAt ??= now
    if (now - progress.notedAt >= NOTE_MS) await this.noteProgress(turn, progress)
  }

  /** Others see from it that this answer is being shown; what they would show is in the events all the same. */
  private async noteProgress(turn: RunningTurn, progress: RunProgress): Promise<void> {
    if (progress.runStartedAt === null) return
    await this.turns.noteProgress(turn)
    progress.notedAt = this.clock.now().getTime()
  }

  /** A streaming card is looked after while the run is silent, for as long as this process lives. */
  private async keepAlive({ turn, held, integration }: Flush): Promise<void> {
    if (!held.streamingSince || this.wakeups.stopping) return
    await this.writer.keepAlive(integration.settings, replyTargetOf(turn), held)
    const age = this.clock.now().getTime() - held.streamingSince.getTime()
    this.wakeups.ringIn(turn.id, turn.attempt, Math.max(SILENT_START_MS, STREAMING_RENEW_MS - age))
  }

  private async finish(flush: Flush, end: RunEnd): Promise<boolean> {
    const isFinished = await this.finisher.finish(flush, end)
    if (isFinished) this.forget(flush.turn.attempt)
    return isFinished
  }

  /** While somebody else holds the answer, the next look ends it. */
  private async endUnanswered(turn: RunningTurn, end: TurnEnd): Promise<void> {
    if (end.closeDue) {
      const held = await this.writer.hold({ turnId: turn.id, ...turn })
      if (!held) return
      const progress = this.progress.of(turn, held.text ?? '')
      await this.writer.whileHeld(held, async () => {
        if (held.phase === 'complete') return this.finisher.endUnanswered(turn, ANSWERED)
        await this.progress.advance(turn, progress)
        await this.finisher.endUnanswered(turn, end, { held, progress })
      })
    } else await this.finisher.endUnanswered(turn, end)
    this.forget(turn.attempt)
  }

  private forget(attempt: string): void {
    this.progress.forget(attempt)
    this.lost.delete(attempt)
  }
}

/** Whether the answer grows in front of the person. */
const streams = ({ options }: RunningTurn): boolean => (options ?? DEFAULT_TURN_OPTIONS).streaming
