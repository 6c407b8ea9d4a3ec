import { Injectable } from '@nestjs/common'
import { EntityManager } from 'typeorm'
import { Clock, GroupedQueue, STATEMENT_MS } from '../shared'
import { SessionLeaving } from './session-leaving'
import { SessionRepository } from './session.repository'
import { ScopeIdentity, SessionScope } from './session-scope'
import { OpenSession, SessionVisited } from './session-visit'
import { TurnQueue } from './turn-queue'
import { TurnMessage, TurnOptions } from './turn.entity'
import { RunningTurn } from './turn-row'
import { TurnRepository, TurnRow } from './turn.repository'
import { WindowLimits, WindowRepository } from './window.repository'

export interface NewTurn extends SessionScope {
  message: TurnMessage
  options: TurnOptions
  /** Idle longer than this, the scope gets a new session; 0 for never. */
  sessionTimeoutSeconds: number
  /** The scope's session is over: this is the first message of its next one. */
  startsNew: boolean
  /** A bot asks, not a person. */
  isBot: boolean
  /** Collects the sender's messages first; null answers each. */
  window: WindowLimits | null
}

export interface Opening {
  input: NewTurn
  /** What the caller writes about the message, in the transaction that stores it. */
  alongside(manager: EntityManager, turnId: string): Promise<void>
}

/** Throws, in the transaction of what somebody ordered, when it is not the caller's to do any more. */
export type Hold = (manager: EntityManager) => Promise<void>

export interface Opened extends SessionVisited {
  /** Of the session that is over, where the message begins a new one: dispatch it first. */
  former: RunningTurn | null
  /** The turns that the message touched, its own last; none when too many bots have talked. */
  rows: TurnRow[]
  /** As `RunningTurn.heldAt`. */
  heldAt: number
}

interface SessionOpening extends Opening {
  session: OpenSession
}

const MAX_GROUP = 50

/** Messages of one claim get here one after the other, as the host knows their senders. */
const GATHER_MS = 10

/** Stores messages in turns. Messages of different conversations that wait at the same time share a transaction. */
@Injectable()
export class TurnOpening {
  /** A late one does no harm: what is written alongside proves that its author still holds the message, else nothing is stored. */
  private readonly queue = new GroupedQueue<Opening, Opened>((openings) => this.openTogether(openings), MAX_GROUP, {
    gatherMs: GATHER_MS,
    limitMs: STATEMENT_MS
  })

  constructor(
    private readonly turns: TurnRepository,
    private readonly sessions: SessionRepository,
    private readonly windows: WindowRepository,
    private readonly turnQueue: TurnQueue,
    private readonly leaving: SessionLeaving,
    private readonly clock: Clock
  ) {}

  open(opening: Opening): Promise<Opened> {
    return opening.input.startsNew ? this.openNew(opening) : this.queue.add(opening)
  }

  /** Closes the scope's session; answers the turn that is to be dispatched then. */
  leave(scope: ScopeIdentity, senderId: string, hold: Hold): Promise<RunningTurn | null> {
    const now = this.clock.now()
    return this.turns.transaction(async (manager) => {
      const former = await this.leaving.leave(manager, scope, senderId, now)
      // Behind the session's lock, as everywhere.
      await hold(manager)
      return former
    })
  }

  private openNew(opening: Opening): Promise<Opened> {
    const now = this.clock.now()
    const { input } = opening
    return this.turns.transaction(async (manager) => {
      const former = await this.leaving.leave(manager, input, input.message.senderId, now)
      const [opened] = await this.openIn(manager, [opening], now)
      return { ...opened!, former }
    })
  }

  private openTogether(openings: readonly Opening[]): Promise<Opened[]> {
    const now = this.clock.now()
    return this.turns.transaction(async (manager) => {
      const opened = new Map<Opening, Opened>()
      for (const group of byTurnsOfTheirChat(openings)) {
        const results = await this.openIn(manager, group, now)
        group.forEach((opening, index) => opened.set(opening, results[index]!))
      }
      return openings.map((opening) => opened.get(opening)!)
    })
  }

  /** Answers for each opening, in order; they are of different chats. */
  private async openIn(manager: EntityManager, openings: readonly Opening[], now: Date): Promise<Opened[]> {
    const visited = await this.sessions.open(manager, openings.map(visitOf), now)
    const allowed = openings.flatMap((opening, index) => {
      const { session } = visited[index]!
      return session ? [{ ...opening, session }] : []
    })
    const heldAt = performance.now()
    const rows = await this.add(manager, allowed, now)
    const opened = visited.map((visit) => ({
      former: null,
      ...visit,
      rows: rows.filter((row) => row.sessionId === visit.session?.id),
      heldAt
    }))
    await settled(openings.map(({ alongside }, index) => writeAlongside(manager, alongside, opened[index]!)))
    const asking = rows.filter(({ state, hasQuestion }) => state === 'running' && hasQuestion)
    for (const { sessionId } of asking) await this.turnQueue.forgetQuestions(manager, sessionId, 'overtaken', now)
    const former = allowed.flatMap(({ session }) => session.formerId ?? [])
    for (const sessionId of former) await this.turnQueue.forgetQuestions(manager, sessionId, 'conversation_ended', now)
    return opened
  }

  private async add(manager: EntityManager, openings: readonly SessionOpening[], now: Date): Promise<TurnRow[]> {
    const added = openings.map(({ session, input: { message, options, window } }) => ({
      sessionId: session.id,
      message,
      options,
      limits: window
    }))
    const collected = added.flatMap(({ limits, ...turn }) => (limits ? [{ ...turn, limits }] : []))
    const alone = added.filter(({ limits }) => !limits)
    return [
      ...(alone.length > 0 ? await this.turns.add(manager, alone, now) : []),
      ...(collected.length > 0 ? await this.windows.join(manager, collected, now) : [])
    ]
  }
}

async function writeAlongside(manager: EntityManager, write: Opening['alongside'], { rows }: Opened): Promise<void> {
  const own = rows.at(-1)
  if (own) await write(manager, own.id)
}

const visitOf = ({ input }: Opening) => ({
  scope: input,
  senderId: input.message.senderId,
  isBot: input.isBot,
  timeoutSeconds: input.sessionTimeoutSeconds
})

/**
 * One statement can neither open a session nor count a chat's bots twice: the second message of a chat goes with the next group.
 * A chat is one lane, so there hardly ever is a second one.
 */
function byTurnsOfTheirChat(openings: readonly Opening[]): Opening[][] {
  const groups: Opening[][] = []
  const seen = new Map<string, number>()
  for (const opening of openings) {
    const { integrationId, chatId, xpertId } = opening.input
    const key = JSON.stringify([integrationId, chatId, xpertId])
    const turn = seen.get(key) ?? 0
    seen.set(key, turn + 1)
    ;(groups[turn] ??= []).push(opening)
  }
  return groups
}

/** None is left running when it throws: they share one connection. */
async function settled(work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}
