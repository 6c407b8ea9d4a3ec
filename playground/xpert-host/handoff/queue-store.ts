import { Injectable, type OnModuleInit } from '@nestjs/common'
import { runMigrations } from 'graphile-worker'
import { Pool } from 'pg'
import { realTimers } from '../../clock/clock-control'
import type { HandoffMessage } from './handoff-message'
import { HandoffSettings } from './handoff-options'
import { fullQueueName, QUEUES, queueSchema, type QueueName, resolveQueue, wakeChannel } from './queue-names'
import { quietLogger } from './quiet-logger'
import type { CancelNotice } from './running-runs'

export interface NewJob {
  message: HandoffMessage
  delayMs: number
}

/** The only task of each queue's schema. */
export const TASK = 'message'
export const CANCEL_CHANNEL = 'handoff_cancel'
const MIGRATION_LOCK = 4_711_001

/** A job runs at most twice: Bull gives a stalled job one more chance (host-observed 33). */
const STARTS = 2
/** Above this a batch wakes no more workers; those that are awake go on until nothing is left. */
const MAX_WAKE = 10
/** What a timer can hold. */
const MAX_TIMER_MS = 2_147_483_647

/** Every statement on the queue library's own tables; written for the schema of graphile-worker 0.16. */
@Injectable()
export class QueueStore implements OnModuleInit {
  readonly pool: Pool
  private migrated?: Promise<void>

  constructor(settings: HandoffSettings) {
    this.pool = new Pool({ connectionString: settings.databaseUrl, max: 4 })
    this.pool.on('error', () => undefined)
  }

  onModuleInit(): Promise<void> {
    return this.ready()
  }

  /** Creates the queues' schemas once per database, also when several instances start at the same time. */
  ready(): Promise<void> {
    this.migrated ??= this.migrate()
    return this.migrated
  }

  private async migrate(): Promise<void> {
    const lock = await this.pool.connect()
    try {
      await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
      for (const queue of QUEUES) {
        const schema = queueSchema(queue)
        await runMigrations({ pgPool: this.pool, schema, logger: quietLogger })
        await lock.query(`insert into ${schema}._private_tasks (identifier) values ($1) on conflict do nothing`, [TASK])
      }
      await lock.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK])
      lock.release()
    } catch (error) {
      lock.release(true)
      throw error
    }
  }

  /**
   * One statement for the whole batch; the order of the batch is the order of its start times. The library's own function
   * would announce it to the workers of every queue, each of which then looks for work in vain.
   */
  async add(queue: QueueName, jobs: readonly NewJob[]): Promise<void> {
    const schema = queueSchema(queue)
    const items = JSON.stringify(jobs.map((job) => ({ m: job.message, d: job.delayMs })))
    await this.pool.query({
      name: `handoff_add_${queue}`,
      text: `with added as (
          insert into ${schema}._private_jobs (task_id, payload, run_at, max_attempts)
            select task.id, item.value -> 'm', clock_timestamp() + ((item.value ->> 'd')::float8 * interval '1 millisecond'),
                ${STARTS}
              from ${schema}._private_tasks as task, json_array_elements($1::json) with ordinality as item(value, position)
              where task.identifier = '${TASK}' order by item.position
            returning 1)
        select pg_notify('${wakeChannel(queue)}', least(count(*), ${MAX_WAKE})::text) from added`,
      values: [items]
    })
  }

  async wake(queue: QueueName, workers = 1): Promise<void> {
    await this.pool.query('select pg_notify($1, $2)', [wakeChannel(queue), String(Math.min(workers, MAX_WAKE))])
  }

  /** Wakes a worker at the end of a delay; real time, as the database's. */
  wakeIn(queueOrHeader: string | undefined, delayMs: number): void {
    const ring = (): void => void this.wake(resolveQueue(queueOrHeader)).catch(() => undefined)
    realTimers()
      .setTimeout(ring, Math.min(delayMs + 1, MAX_TIMER_MS))
      .unref()
  }

  /** Wakes workers for jobs whose time has come: nothing else announces the end of a delay or of a dead lock. */
  async wakeForDueJobs(): Promise<void> {
    const due = QUEUES.map(
      (queue) => `select pg_notify('${wakeChannel(queue)}', '${MAX_WAKE}') where exists (
        select 1 from ${queueSchema(queue)}._private_jobs where is_available and run_at <= now())`
    )
    await this.pool.query(due.join(' union all '))
  }

  /** Takes the jobs back that dead processes hold. Returns how many. */
  async unlockStalled(stalledAfterMs: number): Promise<number> {
    let unlocked = 0
    for (const queue of QUEUES) {
      const schema = queueSchema(queue)
      const { rows } = await this.pool.query<{ n: number }>(
        `with dead as materialized (
          select locked_by, count(*) as n from ${schema}._private_jobs
            where locked_by is not null and locked_at < now() - $1 * interval '1 millisecond' and locked_by not in (
              select unnest("workerIds") from handoff_instance where "lastSeenAt" > now() - $1 * interval '1 millisecond')
            group by locked_by)
        select (select coalesce(sum(n), 0) from dead)::int as n,
          ${schema}.force_unlock_workers(array(select locked_by from dead))`,
        [stalledAfterMs]
      )
      if (rows[0].n === 0) continue
      unlocked += rows[0].n
      await this.buryStalled(queue)
    }
    return unlocked
  }

  /** A job that died with its second instance is never run again and gives no sign (host-observed 33). */
  private async buryStalled(queue: QueueName): Promise<void> {
    await this.pool.query(
      `with spent as (
        delete from ${queueSchema(queue)}._private_jobs
          where locked_by is null and attempts >= max_attempts returning payload)
      insert into handoff_dead_letter (id, queue, "messageId", type, reason, message)
        select gen_random_uuid(), $1, payload ->> 'id', payload ->> 'type',
          'job stalled more than allowable limit', replace(payload::text, '\\u0000', '')::jsonb from spent`,
      [fullQueueName(queue)]
    )
  }

  /** Removes waiting dispatches with that `payload.executionId`; they give no callback. Returns how many. */
  async removeWaiting(executionId: string, tenantId?: string): Promise<number> {
    let removed = 0
    for (const queue of QUEUES) {
      const { rowCount } = await this.pool.query(
        `delete from ${queueSchema(queue)}._private_jobs
          where locked_by is null and payload -> 'payload' ->> 'executionId' = $1
            and ($2::text is null or payload ->> 'tenantId' = $2)`,
        [executionId, tenantId ?? null]
      )
      removed += rowCount ?? 0
    }
    return removed
  }

  async announceCancel(cancel: CancelNotice): Promise<void> {
    await this.pool.query('select pg_notify($1, $2)', [CANCEL_CHANNEL, JSON.stringify(cancel)])
  }

  async counts(): Promise<{ queue: QueueName; waiting: number; running: number; dead: number }[]> {
    const parts = QUEUES.map(
      (queue) => `select '${queue}' as queue,
        count(*) filter (where locked_by is null)::int as waiting, count(*) filter (where locked_by is not null)::int as running,
        (select count(*)::int from handoff_dead_letter where queue = '${fullQueueName(queue)}') as dead
        from ${queueSchema(queue)}._private_jobs`
    )
    const { rows } = await this.pool.query(parts.join(' union all '))
    return rows
  }

  async bury(queue: QueueName, message: HandoffMessage, reason: string): Promise<void> {
    await this.pool.query(
      `insert into handoff_dead_letter (id, queue, "messageId", type, reason, message)
        values (gen_random_uuid(), $1, $2, $3, $4, $5)`,
      [fullQueueName(queue), message?.id ?? null, message?.type ?? null, reason, storable(message)]
    )
  }

  /** Says that this process lives and which workers are its own. */
  async heartbeat(instance: { id: string; name: string; workerIds: string[] }): Promise<void> {
    await this.pool.query(
      `insert into handoff_instance (id, name, pid, "workerIds", "lastSeenAt") values ($1, $2, $3, $4, now())
        on conflict (id) do update set "workerIds" = excluded."workerIds", "lastSeenAt" = now()`,
      [instance.id, instance.name, process.pid, instance.workerIds]
    )
  }

  async forget(instanceId: string): Promise<void> {
    await this.pool.query('delete from handoff_instance where id = $1', [instanceId])
  }

  close(): Promise<void> {
    return this.pool.end()
  }
}

/** jsonb refuses the character that JSON writes as \u0000. */
const storable = (message: HandoffMessage): string => JSON.stringify(message).replaceAll('\\u0000', '')
