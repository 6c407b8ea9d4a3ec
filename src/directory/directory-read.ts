import { Injectable } from '@nestjs/common'
import { EntityManager } from 'typeorm'
import { JobLease, OpenJob, SingletonJobs } from '../cluster'
import { DirectoryApis, LarkApiError } from '../lark'
import { IntegrationListener, IntegrationReader, LarkIntegration } from '../settings'
import { Clock, isObject, Log, RoundLoop, storableText } from '../shared'
import { ChatRepository } from './chat.repository'
import { ownerOf } from './directory'
import { AskedBefore, kindOf, ListKind, WalkStep, walkStep, WalkTask } from './directory-walk'
import { isPassing, patiently } from './patient-call'
import { UserRepository } from './user.repository'

const PREFIX = 'directory:'
const LOOK_MS = 5_000
const AT_ONCE = 2

export type ReadState = 'running' | 'done' | 'failed'
export type ReadReason = 'integration_gone' | 'lark_refused' | 'lark_unreachable'

export interface ReadProgress {
  state: ReadState
  startedAt: string
  endedAt?: string
  calls: number
  /** Of several departments more than once, until the read has ended. */
  users: number
  chats: number
  skipped: number
  /** Calls that are known to follow. */
  open: number
  /** What the app lacks the scope for. */
  missing: ListKind[]
  /** When the last read began that found everybody: whom it did not find, the app may not read any more. */
  wholeSince?: string
  reason?: ReadReason
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0)

/** The name of the job that reads the directory of an integration. */
export const readJobOf = (integrationId: string): string => PREFIX + integrationId

const integrationIdOf = ({ name }: JobLease): string => name.slice(PREFIX.length)

/** As another version may have written it. */
export const parseProgress = (raw: Record<string, unknown> | null): ReadProgress | null => {
  if (!raw || typeof raw['startedAt'] !== 'string') return null
  const { state, startedAt, endedAt, reason, missing = [], wholeSince } = raw as unknown as ReadProgress
  const counts = { calls: numberOf(raw['calls']), users: numberOf(raw['users']), chats: numberOf(raw['chats']) }
  return {
    state,
    startedAt,
    endedAt,
    reason,
    missing,
    ...(typeof wholeSince === 'string' ? { wholeSince } : {}),
    ...counts,
    skipped: numberOf(raw['skipped']),
    open: numberOf(raw['open'])
  }
}

const tasksOf = (cursor: unknown): WalkTask[] => {
  const tasks = isObject(cursor) ? cursor['tasks'] : undefined
  return Array.isArray(tasks) ? (tasks as WalkTask[]) : []
}

const startOfWalk: WalkTask[] = [{ part: 'range' }, { part: 'chats' }]

/**
 * "Read from Lark": walks all departments and user groups that the app may see, and its groups, and records whom it finds. One instance at a
 * time works on one integration; what is still to be asked is stored after every call, so another one goes on where it stopped.
 */
@Injectable()
export class DirectoryRead implements IntegrationListener {
  private readonly log = new Log('directory')
  private readonly rounds = new RoundLoop(() => this.round(), LOOK_MS, this.log, 'directory read')
  private readonly running = new Map<string, Promise<void>>()
  private stopping = new AbortController()

  constructor(
    private readonly jobs: SingletonJobs,
    private readonly integrations: IntegrationReader,
    private readonly apis: DirectoryApis,
    private readonly users: UserRepository,
    private readonly chats: ChatRepository,
    private readonly clock: Clock
  ) {}

  start(): void {
    this.stopping = new AbortController()
    this.rounds.start()
  }

  async stop(): Promise<void> {
    this.stopping.abort()
    await Promise.all([this.rounds.stop(), ...this.running.values()])
  }

  /** False when a read is under way already. */
  async ask(integrationId: string): Promise<boolean> {
    const wholeSince = (await this.progressOf(integrationId))?.wholeSince
    const progress: ReadProgress & { state: 'running' } = {
      state: 'running',
      ...(wholeSince === undefined ? {} : { wholeSince }),
      startedAt: this.clock.now().toISOString(),
      ...{ calls: 0, users: 0, chats: 0, skipped: 0, open: startOfWalk.length, missing: [] }
    }
    const isNew = await this.jobs.ask(readJobOf(integrationId), { tasks: startOfWalk }, { ...progress })
    this.rounds.ring()
    return isNew
  }

  async progressOf(integrationId: string): Promise<ReadProgress | null> {
    return parseProgress(await this.jobs.progressOf(readJobOf(integrationId)))
  }

  async integrationChanged(integrationId: string, isOtherApp: boolean): Promise<void> {
    if (isOtherApp) await this.integrationRemoved(integrationId)
  }

  async kept(): Promise<string[]> {
    return [...(await this.users.integrations()), ...(await this.chats.integrations())]
  }

  /** The job first: whoever works on it records nothing from then on. Then what it recorded until then. */
  async integrationRemoved(integrationId: string): Promise<void> {
    await this.jobs.remove(readJobOf(integrationId))
    await this.users.removeIntegration(integrationId)
    await this.chats.removeIntegration(integrationId)
  }

  private async round(): Promise<void> {
    const free = AT_ONCE - this.running.size
    if (free <= 0 || this.stopping.signal.aborted) return
    for (const job of await this.jobs.takeOpen(PREFIX, free)) {
      const work = this.work(job)
        .catch((error: unknown) => this.log.warn('a directory read goes on later', { job: job.name }, error))
        .finally(() => {
          this.running.delete(job.name)
          this.rounds.ring()
        })
      this.running.set(job.name, work)
    }
  }

  private async work(job: JobLease & OpenJob): Promise<void> {
    let progress = parseProgress(job.progress)
    if (!progress) return
    const integrationId = integrationIdOf(job)
    // What this process remembers may name the former app.
    this.integrations.drop(integrationId)
    const found = await this.integrations.lookUp(integrationId)
    // Nobody can say just now: the lease runs out, and somebody looks again.
    if (found === 'unavailable') return
    if (typeof found === 'string') return this.end(job, progress, 'failed', 'integration_gone')
    const asked = new AskedBefore()
    let tasks = asked.fresh(tasksOf(job.cursor))
    for (let task = tasks.shift(); task; task = tasks.shift()) {
      const done = await this.one(job, found.integration, task, progress)
      if (done === 'lost') return
      if (done === 'later') return this.jobs.giveBack(job, false)
      if (typeof done === 'string') return this.end(job, progress, 'failed', done)
      // Depth first, so that what is open stays short.
      tasks = [...asked.fresh(done.tasks), ...tasks].filter((open) => kindOf(open) !== done.missing)
      progress = counted(progress, done, tasks.length)
      if (!(await this.jobs.advance(job, { tasks }, { ...progress }))) return
    }
    await this.end(job, progress, 'done')
  }

  /** The rows are written before the cursor moves: a call may be repeated, and never left out. */
  private async one(
    job: JobLease,
    integration: LarkIntegration,
    task: WalkTask,
    progress: ReadProgress
  ): Promise<WalkStep | ReadReason | 'later' | 'lost'> {
    const { signal } = this.stopping
    if (signal.aborted) return 'later'
    try {
      const found = await patiently(signal, () => walkStep(this.apis.for(integration.settings), task))
      const isMine = await this.jobs.whileMine(job, (manager) =>
        this.record(manager, integration, found, new Date(progress.startedAt))
      )
      return isMine ? found : 'lost'
    } catch (error) {
      if (signal.aborted) return 'later'
      if (!(error instanceof LarkApiError)) throw error
      this.log.warn('a list could not be read', { integration: integration.id, calls: progress.calls }, error)
      return isPassing(error) ? 'lark_unreachable' : 'lark_refused'
    }
  }

  private async record(
    manager: EntityManager,
    integration: LarkIntegration,
    { users, chats }: WalkStep,
    startedAt: Date
  ): Promise<void> {
    const owner = ownerOf(integration)
    const named = (name: string | undefined): { name?: string } => (name ? { name: storableText(name) } : {})
    await this.users.record(
      owner,
      users.map(({ openId, unionId, name }) => ({ openId, unionId, source: 'directory', ...named(name) })),
      // The clocks of instances differ: all that one read finds has its beginning.
      startedAt,
      manager
    )
    await this.chats.record(
      owner,
      chats.map(({ chatId, name }) => ({ chatId, chatType: 'group', source: 'directory', ...named(name) })),
      this.clock.now(),
      manager
    )
  }

  private async end(lease: JobLease, progress: ReadProgress, state: ReadState, reason?: ReadReason): Promise<void> {
    const users = await this.users.countListed(integrationIdOf(lease), new Date(progress.startedAt))
    const ended = {
      ...progress,
      state,
      users,
      open: 0,
      endedAt: this.clock.now().toISOString(),
      ...(state === 'done' && isWhole(progress) ? { wholeSince: progress.startedAt } : {}),
      ...(reason ? { reason } : {})
    }
    if (await this.jobs.advance(lease, null, ended)) await this.jobs.giveBack(lease, true)
  }
}

/** Of people: groups are not removed for want of a list. */
const isWhole = ({ skipped, missing }: ReadProgress): boolean =>
  missing.every((kind) => kind === 'groups') && skipped === missing.length

const counted = (progress: ReadProgress, found: WalkStep, open: number): ReadProgress => {
  const { users, chats, isSkipped, missing } = found
  return {
    ...progress,
    calls: progress.calls + 1,
    users: progress.users + users.length,
    chats: progress.chats + chats.length,
    skipped: progress.skipped + (isSkipped ? 1 : 0),
    missing: missing ? [...new Set([...progress.missing, missing])] : progress.missing,
    open
  }
}
