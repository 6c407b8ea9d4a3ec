import { Injectable } from '@nestjs/common'
import { randomUUID } from 'node:crypto'
import { DataSource, EntityManager } from 'typeorm'
import { letGo } from '../shared'

/** Longer than one batch of any job; a job that works longer renews by its next `isMine`. */
const LEASE_SECONDS = 60

export interface JobLease {
  name: string
  token: string
}

/** A job that somebody asked for once and that goes on where the last one to work on it stopped. */
export interface OpenJob {
  cursor: unknown
  progress: Record<string, unknown>
}

/** Work that one living instance does at a time, at most once in a while: the row of its name is the lease. */
@Injectable()
export class SingletonJobs {
  constructor(private readonly dataSource: DataSource) {}

  /** Null while another instance works on it, or when it ran less than `everySeconds` ago. */
  async take(name: string, everySeconds: number): Promise<JobLease | null> {
    const rows = await this.dataSource.query<{ token: string }[]>(
      `INSERT INTO plugin_lark_job AS job (name, lease_token, lease_expires_at)
       VALUES ($1, $2, now() + make_interval(secs => $3))
       ON CONFLICT (name) DO UPDATE SET lease_token = excluded.lease_token, lease_expires_at = excluded.lease_expires_at
       WHERE (job.lease_expires_at IS NULL OR job.lease_expires_at < now())
         AND (job.last_run_at IS NULL OR job.last_run_at <= now() - make_interval(secs => $4))
       RETURNING lease_token AS token`,
      [name, randomUUID(), LEASE_SECONDS, everySeconds]
    )
    return rows[0] ? { name, token: rows[0].token } : null
  }

  /** Whether any instance has ever brought it to its end. */
  async wasDone(name: string): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `SELECT 1 FROM plugin_lark_job WHERE name = $1 AND last_run_at IS NOT NULL`,
      [name]
    )
    return rows.length > 0
  }

  /** Renews the lease between two batches; false when another instance has taken over. */
  async isMine(lease: JobLease): Promise<boolean> {
    const result = await this.dataSource.query<[unknown[], number]>(
      `UPDATE plugin_lark_job SET lease_expires_at = now() + make_interval(secs => $3) WHERE name = $1 AND lease_token = $2`,
      [lease.name, lease.token, LEASE_SECONDS]
    )
    return result[1] > 0
  }

  /** Does what nobody may do once the job is another's or is gone; false where it is, and then nothing was done. */
  async whileMine(lease: JobLease, work: (manager: EntityManager) => Promise<void>): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      await letGo(manager)
      const rows = await manager.query<unknown[]>(
        `SELECT 1 FROM plugin_lark_job WHERE name = $1 AND lease_token = $2 FOR UPDATE`,
        [lease.name, lease.token]
      )
      if (rows.length > 0) await work(manager)
      return rows.length > 0
    })
  }

  /** Gives the job back; `done` starts its pause, else anybody may go on at once. */
  async giveBack(lease: JobLease, done: boolean): Promise<void> {
    await this.dataSource.query(
      `UPDATE plugin_lark_job SET lease_token = NULL, lease_expires_at = NULL,
              last_run_at = CASE WHEN $3 THEN now() ELSE last_run_at END
       WHERE name = $1 AND lease_token = $2`,
      [lease.name, lease.token, done]
    )
  }

  /** Asks for a job; false when it is under way. `progress` needs a `state`; it is open while that is `running`. */
  async ask(name: string, cursor: unknown, progress: Record<string, unknown> & { state: 'running' }): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `INSERT INTO plugin_lark_job AS job (name, cursor, progress) VALUES ($1, $2, $3)
       ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor, progress = excluded.progress
       WHERE job.progress ->> 'state' IS DISTINCT FROM 'running' RETURNING name`,
      [name, JSON.stringify(cursor), JSON.stringify(progress)]
    )
    return rows.length > 0
  }

  /** Takes up to `limit` open jobs that nobody works on. */
  async takeOpen(prefix: string, limit: number): Promise<(JobLease & OpenJob)[]> {
    const result = await this.dataSource.query<[(JobLease & OpenJob)[], number]>(
      `UPDATE plugin_lark_job SET lease_token = gen_random_uuid(), lease_expires_at = now() + make_interval(secs => $2)
       WHERE name IN (SELECT name FROM plugin_lark_job WHERE starts_with(name, $1) AND progress ->> 'state' = 'running'
                        AND (lease_expires_at IS NULL OR lease_expires_at < now())
                      ORDER BY name LIMIT $3 FOR UPDATE SKIP LOCKED)
       RETURNING name, lease_token AS token, cursor, progress`,
      [prefix, LEASE_SECONDS, limit]
    )
    return result[0]
  }

  /** Stores where the job stands and renews the lease; false when another instance has taken over. */
  async advance(lease: JobLease, cursor: unknown, progress: Record<string, unknown>): Promise<boolean> {
    const result = await this.dataSource.query<[unknown[], number]>(
      `UPDATE plugin_lark_job SET cursor = $3, progress = $4, lease_expires_at = now() + make_interval(secs => $5)
       WHERE name = $1 AND lease_token = $2`,
      [lease.name, lease.token, JSON.stringify(cursor), JSON.stringify(progress), LEASE_SECONDS]
    )
    return result[1] > 0
  }

  async progressOf(name: string): Promise<Record<string, unknown> | null> {
    const rows = await this.dataSource.query<{ progress: Record<string, unknown> | null }[]>(
      `SELECT progress FROM plugin_lark_job WHERE name = $1`,
      [name]
    )
    return rows[0]?.progress ?? null
  }

  async remove(name: string): Promise<void> {
    await this.dataSource.query(`DELETE FROM plugin_lark_job WHERE name = $1`, [name])
  }
}
