import { Injectable } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { RunRecord, type RunStatus } from './run-record.entity'

export interface HostRun {
  /** The dispatch message's id. */
  id: string
  xpertId: string
  action: string
  conversationId?: string
  executionId?: string
  input: string
  files?: unknown[]
  startedAt: string
  endedAt?: string
  status: RunStatus
  error?: string
  instance: string
  options: Record<string, unknown>
  headers: Record<string, unknown>
}

/** Every run that any instance ever started, kept for tests and for the playground's pages. */
@Injectable()
export class RunLog {
  constructor(private readonly dataSource: DataSource) {}

  async started(run: Omit<RunRecord, 'recordId' | 'endedAt' | 'status' | 'error'>): Promise<string> {
    const saved = await this.dataSource
      .getRepository(RunRecord)
      .save({ ...run, status: 'running' as const, endedAt: null, error: null })
    return saved.recordId
  }

  async update(recordId: string, change: Partial<RunRecord>): Promise<void> {
    await this.dataSource.getRepository(RunRecord).update({ recordId }, change as object)
  }

  /** Oldest first; all experts without `xpertId`. */
  async list(xpertId?: string): Promise<HostRun[]> {
    const records = await this.dataSource
      .getRepository(RunRecord)
      .find({ where: xpertId ? { xpertId } : {}, order: { startedAt: 'ASC' } })
    return records.map(toHostRun)
  }
}

function toHostRun(record: RunRecord): HostRun {
  return {
    id: record.runId,
    xpertId: record.xpertId,
    action: record.action,
    conversationId: record.conversationId ?? undefined,
    executionId: record.executionId ?? undefined,
    input: record.input,
    files: record.files ?? undefined,
    startedAt: record.startedAt.toISOString(),
    endedAt: record.endedAt?.toISOString(),
    status: record.status,
    error: record.error ?? undefined,
    instance: record.instance,
    options: record.options,
    headers: record.headers
  }
}
