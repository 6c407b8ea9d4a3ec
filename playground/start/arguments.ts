import { parseArgs } from 'node:util'

export type Command =
  { run: 'playground'; fresh: boolean } | { run: 'say'; text: string } | { run: 'usage'; problem?: string }

export const USAGE = `Usage: npm start -- [--fresh] [--say TEXT] [--help]

  (nothing)      start the playground and print where to find it; Ctrl-C ends it
  --fresh        empty the state folder (.state) before starting
  --say TEXT     say TEXT to two bots, one over the long connection and one over the webhook, print both
                 conversations and leave; needs no browser and always starts fresh
  --help         this text`

export function readArguments(argv: readonly string[]): Command {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { fresh: { type: 'boolean' }, say: { type: 'string' }, help: { type: 'boolean', short: 'h' } }
    })
    if (values.help) return { run: 'usage' }
    if (values.say === undefined) return { run: 'playground', fresh: values.fresh ?? false }
    return values.say.trim() ? { run: 'say', text: values.say } : { run: 'usage', problem: '--say needs a text' }
  } catch (error) {
    return { run: 'usage', problem: error instanceof Error ? error.message : String(error) }
  }
}
