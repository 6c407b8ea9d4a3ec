import { startPages, type Pages } from '../../web/server'
import { modelScript } from '../expert-script'
import { onLeave } from '../leave'
import { Servers } from '../servers'
import type { StateFolder } from '../state-folder'
import { connectReal } from './connect-real'
import { CredentialsError, readCredentials, terminal, type Credentials } from './credentials'

const CONSOLES = { feishu: 'https://open.feishu.cn/app', lark: 'https://open.larksuite.com/app' }
const WRONG_USAGE = 2

/**
 * A bot of the real Lark on this machine until Ctrl-C. Everything it stored, the secret included, is gone then. Answers the exit
 * code. `LARK_BASE_URL`: another server that speaks Lark's API.
 */
export async function runReal(state: StateFolder, built: Promise<void>): Promise<number> {
  try {
    const credentials = await readCredentials(process.env, terminal())
    // The host's process inherits the environment; it gets the secret as any host does, from the integration.
    delete process.env.LARK_APP_SECRET
    return await connectAndServe(credentials, state, built)
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error
    console.error(error.message)
    return WRONG_USAGE
  }
}

async function connectAndServe(credentials: Credentials, state: StateFolder, built: Promise<void>): Promise<number> {
  const realLark = { baseUrl: process.env.LARK_BASE_URL }
  const servers = new Servers({ folder: state.path, throwAway: true, realLark, built })
  let pages: Pages | undefined
  const left = onLeave()
  const run = async (): Promise<number> => {
    pages = await startPages({ statePath: state.path })
    console.log('Starting, and connecting to Lark ...')
    await servers.start()
    pages.show({ hostUrl: servers.host.url })
    const result = await connectReal(servers.host.login('admin'), credentials, modelScript(process.env))
    if (!result.isConnected) {
      console.error(`\nThe bot is not connected.\n\n${bullets(result.problems)}\n\nThe app: ${consoleOf(credentials)}`)
      return 1
    }
    console.log(connected(result, pages.url))
    return left
  }
  try {
    return await Promise.race([run(), left, servers.failed])
  } finally {
    await pages?.stop()
    await servers.stop()
    state.remove()
  }
}

const connected = ({ bot, hints }: { bot: string; hints: string[] }, pageUrl: string): string =>
  `
${bot} is connected. Write to it in Lark.

  Admin      ${pageUrl}/admin.html   Status, Diagnosis, Messages: why it did or did not answer
${hints.length > 0 ? `\nWorth knowing:\n\n${bullets(hints)}\n` : ''}
Ctrl-C ends it and removes all that it stored.
`

const bullets = (lines: readonly string[]): string => lines.map((line) => `  - ${line}`).join('\n')

const consoleOf = ({ region, appId }: Credentials): string => `${CONSOLES[region]}/${appId}`
