import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'

export const REGIONS = ['feishu', 'lark'] as const
export type Region = (typeof REGIONS)[number]

export interface Credentials {
  appId: string
  appSecret: string
  region: Region
}

/** What is missing or wrong, in words for the person at the terminal. */
export class CredentialsError extends Error {}

export interface Terminal {
  /** false: nobody is there to be asked. */
  isInteractive: boolean
  ask(question: string, options: { hidden: boolean }): Promise<string>
}

/**
 * `LARK_APP_ID`, `LARK_APP_SECRET` and `LARK_REGION`; what is not set is asked for. They are never arguments: those are seen by
 * everybody on the machine.
 */
export async function readCredentials(env: NodeJS.ProcessEnv, terminal: Terminal): Promise<Credentials> {
  const missing = ['LARK_APP_ID', 'LARK_APP_SECRET'].filter((name) => !env[name]?.trim())
  if (missing.length > 0 && !terminal.isInteractive)
    throw new CredentialsError(`Set ${missing.join(' and ')}, or start it in a terminal to be asked.`)
  const of = async (name: string, question: string, hidden = false): Promise<string> =>
    (env[name]?.trim() || (await terminal.ask(question, { hidden }))).trim()
  const appId = await of('LARK_APP_ID', 'App ID: ')
  const appSecret = await of('LARK_APP_SECRET', 'App Secret: ', true)
  const isAsked = missing.length > 0 && !env.LARK_REGION
  const region = isAsked ? await of('LARK_REGION', `Region (${REGIONS.join(' or ')}) [feishu]: `) : env.LARK_REGION
  if (!appId || !appSecret) throw new CredentialsError('An App ID and an App Secret are needed.')
  return { appId, appSecret, region: regionOf(region) }
}

function regionOf(given: string | undefined): Region {
  const wanted = given?.trim().toLowerCase() || 'feishu'
  const region = REGIONS.find((one) => one === wanted)
  if (!region) throw new CredentialsError(`The region is ${REGIONS.join(' or ')}, not "${wanted}".`)
  return region
}

/** The process's own terminal; what is typed as hidden is not shown. */
export const terminal = (): Terminal => ({
  isInteractive: process.stdin.isTTY === true,
  async ask(question, { hidden }) {
    let isMuted = false
    const output = new Writable({
      write(chunk, _encoding, done) {
        if (!isMuted) process.stdout.write(chunk as Buffer)
        done()
      }
    })
    const lines = createInterface({ input: process.stdin, output, terminal: true })
    try {
      const answer = lines.question(question)
      isMuted = hidden
      return await answer
    } finally {
      lines.close()
      if (hidden) process.stdout.write('\n')
    }
  }
})
