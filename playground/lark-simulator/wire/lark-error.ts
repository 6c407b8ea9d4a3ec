/** An answer of the platform with code != 0. */
export class LarkError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly status = 400,
    readonly extra: { error?: Record<string, unknown>; headers?: Record<string, string>; data?: unknown } = {}
  ) {
    super(message)
  }
}
