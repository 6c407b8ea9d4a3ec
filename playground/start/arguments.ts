import { parseArgs } from 'node:util'

export type Command =
  | { run: 'playground'; fresh: boolean }
  | { run: 'say'; text: string; json: boolean }
  | { run: 'scenario'; file: string; json: boolean }
  | { run: 'real' }
  | { run: 'usage'; problem?: string; json?: boolean }

export const USAGE = `Usage: npm start -- [--fresh | --real | --say TEXT | --scenario FILE] [--json] [--help]

  (nothing)        start the playground and print where to find it; Ctrl-C ends it
  --fresh          empty the state folder (.state) before starting
  --real           connect the real Feishu or Lark over the long connection: this machine becomes a working bot until
                   Ctrl-C, and keeps nothing. Asks for App ID, App Secret and region, or takes them from
                   LARK_APP_ID, LARK_APP_SECRET and LARK_REGION (feishu or lark)
  --say TEXT       say TEXT to two bots, one over the long connection and one over the webhook, print both
                   conversations and leave; needs no browser and always starts fresh
  --scenario FILE  play the people, steps, faults and expectations of a YAML file, print what happens and leave;
                   needs no browser and always starts fresh. Examples and all keys: playground/scenarios.
                   Exit code 0: every expectation held; 1: one did not; 2: the file is wrong
  --json           with --say or --scenario: print one JSON document instead
  --help           this text

With OPENAI_API_KEY or OPENAI_BASE_URL (and OPENAI_MODEL) the Digital Experts are models of that server.
PLAYGROUND_STATE is another folder than .state.`

const OPTIONS = {
  fresh: { type: 'boolean' },
  real: { type: 'boolean' },
  say: { type: 'string' },
  scenario: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' }
} as const

export function readArguments(argv: readonly string[]): Command {
  // Who asked for JSON gets it for wrong usage too, whatever else is wrong.
  const asJson = argv.includes('--json') ? { json: true } : {}
  const wrong = (problem: string): Command => ({ run: 'usage', problem, ...asJson })
  try {
    const { values } = parseArgs({ args: [...argv], options: OPTIONS })
    const { fresh = false, real = false, say, scenario, json = false, help } = values
    if (help) return { run: 'usage' }
    if ([real, say !== undefined, scenario !== undefined].filter(Boolean).length > 1)
      return wrong('either --real, --say or --scenario')
    if (say !== undefined) return say.trim() ? { run: 'say', text: say, json } : wrong('--say needs a text')
    if (scenario !== undefined)
      return scenario.trim() ? { run: 'scenario', file: scenario, json } : wrong('--scenario needs a file')
    if (json) return wrong('--json needs --say or --scenario')
    return real ? { run: 'real' } : { run: 'playground', fresh }
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error))
  }
}
