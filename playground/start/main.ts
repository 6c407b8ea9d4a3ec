import { join } from 'node:path'
import { startPages, type Pages } from '../web/server'
import { readArguments, USAGE } from './arguments'
import { foundCompany } from './company'
import { guide } from './guide'
import { onLeave } from './leave'
import { say } from './say'
import { Servers } from './servers'
import { StateFolder } from './state-folder'

const STATE = join(__dirname, '..', '..', '.state')
const WRONG_USAGE = 2

export async function main(argv: readonly string[]): Promise<void> {
  const command = readArguments(argv)
  if (command.run === 'usage') {
    if (command.problem) console.error(`${command.problem}\n`)
    console[command.problem ? 'error' : 'log'](USAGE)
    process.exit(command.problem ? WRONG_USAGE : 0)
  }
  try {
    process.exit(command.run === 'say' ? await runSay(command.text) : await runPlayground(command.fresh))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}

async function runSay(text: string): Promise<number> {
  const state = new StateFolder(STATE).forSaying()
  const servers = new Servers({ folder: state.path, throwAway: true })
  const end = async (): Promise<void> => {
    await servers.stop()
    state.remove()
  }
  const left = onLeave()
  try {
    return await Promise.race([say(text, servers, state), left, servers.failed])
  } finally {
    await end()
  }
}

async function runPlayground(fresh: boolean): Promise<number> {
  const state = new StateFolder(STATE)
  const running = await state.runningAt()
  if (running) {
    console.error(`The playground is running already: ${running}\nEnd it with Ctrl-C first.`)
    return 1
  }
  if (fresh) state.empty()
  const servers = new Servers({ folder: state.path, throwAway: false })
  let pages: Pages | undefined
  const end = async (): Promise<void> => {
    await pages?.stop()
    await servers.stop()
    state.markStopped()
  }
  const left = onLeave()
  const run = async (): Promise<number> => {
    pages = await startPages({ statePath: state.path })
    state.markRunning(pages.url)
    await servers.start()
    const company = await foundCompany(servers.simulator, servers.host, state)
    pages.show({ simulatorUrl: servers.simulator.url, hostUrl: servers.host.url })
    console.log(guide(pages.url, servers, company))
    return left
  }
  try {
    return await Promise.race([run(), left, servers.failed])
  } finally {
    await end()
  }
}
