import { Injectable } from '@nestjs/common'
import { CanceledByUser } from '../experts/agent-run'

/** Cancelled by the dispatch's own execution id (host-observed 41): the dispatch ends in `error`. */
export class DispatchCanceled extends Error {
  override readonly name = 'DispatchCanceled'
  constructor() {
    super('Canceled by user')
  }
}

/** What instances tell each other; without a tenant it counts for every one. */
export interface CancelNotice {
  executionId: string
  /** The id was named by the caller, so it may also be the dispatch's own. */
  asDispatch: boolean
  tenantId?: string
}

/** One dispatch that this process works on. */
export class RunningRun {
  /** Known once the run has its rows. */
  executionId?: string
  private readonly controller = new AbortController()

  constructor(
    readonly tenantId: string,
    readonly dispatchExecutionId: string | undefined
  ) {}

  get signal(): AbortSignal {
    return this.controller.signal
  }

  abort(reason: Error): void {
    this.controller.abort(reason)
  }
}

/** The dispatches of this process, to be found by those who cancel. */
@Injectable()
export class RunningRuns {
  private readonly runs = new Set<RunningRun>()

  open(tenantId: string, dispatchExecutionId: string | undefined): RunningRun {
    const run = new RunningRun(tenantId, dispatchExecutionId)
    this.runs.add(run)
    return run
  }

  close(run: RunningRun): void {
    this.runs.delete(run)
  }

  cancel(cancel: CancelNotice): void {
    for (const run of this.runs) {
      if (cancel.tenantId && cancel.tenantId !== run.tenantId) continue
      if (cancel.asDispatch && run.dispatchExecutionId === cancel.executionId) run.abort(new DispatchCanceled())
      else if (run.executionId === cancel.executionId) run.abort(new CanceledByUser())
    }
  }
}
