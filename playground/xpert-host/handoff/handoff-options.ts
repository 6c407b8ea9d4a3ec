import type { ModuleMetadata } from '@nestjs/common'

export interface HandoffOptions {
  databaseUrl: string
  /** Name of this process in run logs; need not be unique. */
  instance: string
  /** Jobs that one instance runs at once in each named queue; a run holds its slot to its end. Default 20. */
  queueSlots?: number
  /** Real milliseconds without a heartbeat after which an instance's running jobs are run again elsewhere. Default 30000. */
  stalledAfterMs?: number
  /** 0 to 9: by how many places callbacks of one run may be delivered out of order. Default 0. */
  callbackDisorder?: number
  /** 0 to 1: share of callbacks that are delivered twice. Default 0. */
  callbackRepeat?: number
  /** Real milliseconds between the shutdown hook and the end of the running runs. Default 500. */
  shutdownGraceMs?: number
  /** Where experts' files are; without one there are none. */
  workspaceDir?: string
}

export interface HandoffModuleOptions extends HandoffOptions {
  imports?: ModuleMetadata['imports']
}

/** The options with every default applied; also the injection token. */
export class HandoffSettings {
  readonly databaseUrl: string
  readonly instance: string
  readonly queueSlots: number
  readonly stalledAfterMs: number
  readonly callbackDisorder: number
  readonly callbackRepeat: number
  readonly shutdownGraceMs: number
  readonly workspaceDir: string | undefined

  constructor(options: HandoffOptions) {
    this.databaseUrl = options.databaseUrl
    this.instance = options.instance
    this.queueSlots = options.queueSlots ?? 20
    this.stalledAfterMs = options.stalledAfterMs ?? 30_000
    this.callbackDisorder = options.callbackDisorder ?? 0
    this.callbackRepeat = options.callbackRepeat ?? 0
    this.shutdownGraceMs = options.shutdownGraceMs ?? 500
    this.workspaceDir = options.workspaceDir
  }
}
