export interface PluginErrorOptions {
  cause?: unknown
  /** Small, loggable facts: ids, codes, counts. Never texts, tokens or secrets. */
  details?: Record<string, string | number | boolean | null | undefined>
}

/** Base of every error that this plugin throws on purpose. Callers switch on the class or on `code`, never on the message. */
export class PluginError<Code extends string = string> extends Error {
  readonly details: NonNullable<PluginErrorOptions['details']>

  constructor(
    readonly code: Code,
    message: string,
    options: PluginErrorOptions = {}
  ) {
    super(message, { cause: options.cause })
    this.name = new.target.name
    this.details = options.details ?? {}
  }
}

/** The writer no longer holds the claim or lease: somebody else took over. Stop quietly and write nothing more. */
export class LeaseLostError extends PluginError<'lease_lost'> {
  constructor(what: string, details?: PluginErrorOptions['details']) {
    super('lease_lost', `${what} is held by somebody else`, { details })
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
