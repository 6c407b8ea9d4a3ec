import { Injectable } from '@nestjs/common'
import { randomUUID } from 'node:crypto'
import { DataSource } from 'typeorm'

/** Longer than one batch of any job; a job that works longer renews by its next `isMine`. */
const LEASE_SECONDS = 60

export interface JobLease {
  name: string
  token: string
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

  /** Renews the lease between two batches; false when another instance has taken over. */
  async isMine(lease: JobLease): Promise<boolean> {
    const result = await this.dataSource.query<[unknown[], number]>(
      `UPDATE plugin_lark_job SET lease_expires_at = now() + make_interval(secs => $3) WHERE name = $1 AND lease_token = $2`,
      [lease.name, lease.token, LEASE_SECONDS]
    )
    return result[1] > 0
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
}
