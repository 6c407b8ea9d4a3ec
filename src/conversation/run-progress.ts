import { Injectable } from '@nestjs/common'
import { LRUCache } from 'lru-cache'
import { Clock, Log } from '../shared'
import { AnswerAssembly } from './answer-assembly'
import { nextEvents, runStarts, SILENT_MS, StoredRunEvent } from './followed-run'
import { RunEventRepository } from './run-event.repository'
import { RunningTurn } from './turn-row'

/** Answers under way whose assembly is kept between two looks of this process; a lost one is built again from its events. */
const MAX_ASSEMBLIES = 2_000

/** How far this process has read the events of one attempt. */
export interface RunProgress {
  answer: AnswerAssembly
  /** What the answer said before this attempt continued it. */
  base: string
  sequence: number
  runStartedAt: number | null
  /** When the last applied event was stored, by this process's clock. */
  heardAt: Date | null
  /** An event is missing: later ones wait for it. */
  blocked: boolean
  /** When the turn last said how far it is. */
  notedAt: number | null
}

export interface Advance {
  /** There is something new to show. */
  isNew: boolean
  /** After so many milliseconds an event that is missing will be waited for no longer; null when none is. */
  gapMs: number | null
}

/** Applies stored run events to the answers of this process, in order. */
@Injectable()
export class RunProgressReader {
  private readonly log = new Log('conversation')
  private readonly known = new LRUCache<string, RunProgress>({ max: MAX_ASSEMBLIES })

  constructor(
    private readonly events: RunEventRepository,
    private readonly clock: Clock
  ) {}

  /**
   * What other processes applied meanwhile is read again from the same events, from where this one stopped.
   * @param base what the answer said before this attempt
   */
  of(turn: RunningTurn, base: string): RunProgress {
    const known = this.known.get(turn.attempt)
    if (known && (turn.runStartedAt === null || known.runStartedAt === turn.runStartedAt)) return known
    const progress = newProgress(turn.runStartedAt, base)
    this.known.set(turn.attempt, progress)
    return progress
  }

  isBlocked(attempt: string): boolean {
    return this.known.get(attempt)?.blocked === true
  }

  forget(attempt: string): void {
    this.known.delete(attempt)
  }

  /** Applies what continues the followed run, and notes on the turn how far that is. */
  async advance(turn: RunningTurn, progress: RunProgress): Promise<Advance> {
    const events = await this.events.unshown(turn.attempt, progress.sequence)
    const starts = runStarts(events)
    const followed = (progress.runStartedAt ??= starts[0] ?? null)
    if (followed === null) return { isNew: false, gapMs: null }
    let advance = this.apply(progress, followed, events)
    const newest = starts.at(-1) ?? followed
    // A run that has ended answers, whatever the host starts after it.
    if (!progress.answer.end && newest > followed && (await this.isSilent(turn.attempt, newest))) {
      this.log.info('the host runs this attempt again, its text starts over', { turn: turn.id })
      Object.assign(progress, newProgress(newest, progress.base))
      advance = this.apply(progress, newest, await this.events.unshown(turn.attempt, 0))
    }
    turn.runStartedAt = progress.runStartedAt
    turn.appliedSequence = progress.sequence
    turn.conversationId = progress.answer.conversationId ?? turn.conversationId
    return advance
  }

  /** Whether something was stored meanwhile that continues what the turn says is shown. */
  hasNext(turnId: string, attempt: string): Promise<boolean> {
    return this.events.hasNext(turnId, attempt)
  }

  private apply(progress: RunProgress, followed: number, events: readonly StoredRunEvent[]): Advance {
    const { apply, blocked, gapMs } = nextEvents(events, followed, progress.sequence)
    for (const { signal } of apply) progress.answer.apply(signal)
    const last = apply.at(-1)
    if (last) {
      progress.sequence = last.sequence
      progress.heardAt = new Date(this.clock.now().getTime() - last.ageMs)
    }
    progress.blocked = blocked
    return { isNew: last !== undefined, gapMs }
  }

  private async isSilent(attempt: string, newestStart: number): Promise<boolean> {
    const silentMs = await this.events.silentMsBefore(attempt, newestStart)
    return silentMs === null || silentMs >= SILENT_MS
  }
}

const newProgress = (runStartedAt: number | null, base: string): RunProgress => ({
  answer: new AnswerAssembly(base),
  base,
  sequence: 0,
  runStartedAt,
  heardAt: null,
  blocked: false,
  notedAt: null
})
