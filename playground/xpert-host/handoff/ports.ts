import type { ExpertRecord, HandoffProcessor } from './handoff-message'

/** Finds the processor that a plugin registered for a message type; called inside the message's request context. */
export abstract class ProcessorLookup {
  abstract find(messageType: string, organizationId?: string): HandoffProcessor | undefined
}

/**
 * Finds the expert that a dispatch asks for. Without `organizationId` the expert's own organisation counts (assistant
 * principal); with it an expert of another organisation is not found.
 */
export abstract class ExpertSource {
  abstract find(xpertId: string, tenantId: string, organizationId?: string): Promise<ExpertRecord | null>
}

export interface RequestActor {
  tenantId: string
  organizationId?: string
  userId?: string
  language?: string
}

/** Runs work inside the host's request context, as the real host does around every processor. */
export abstract class HostRequestContext {
  abstract run<T>(actor: RequestActor, work: () => Promise<T>): Promise<T>
}
