/** What the host called, in order. Also written to stderr, so that a test can read it after the host is gone. */
export const calls: { name: string; detail?: unknown }[] = []

export function record(name: string, detail?: unknown): void {
  calls.push({ name, detail })
  process.stderr.write(`fixture ${name}\n`)
}
