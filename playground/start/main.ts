import { join, relative, resolve } from 'node:path'
import { startPages, type Pages } from '../web/server'
import { USAGE, type Command } from './arguments'
import { foundCompany } from './company'
import { modelScript } from './expert-script'
import { guide } from './guide'
import { onLeave } from './leave'
import { say, saidJson, saidLines, type Said } from './say'
import { scenarioJson } from './scenario/as-json'
import { runReal } from './real/run-real'
import { InvalidScenarioError } from './scenario/invalid-scenario'
import { play } from './scenario/play'
import { readScenario } from './scenario/read-scenario'
import { closing, opening, stepLines } from './scenario/transcript'
import { Servers } from './servers'
import { StateFolder } from './state-folder'

const STATE = process.env.PLAYGROUND_STATE || join(__dirname, '..', '..', '.state')
const WRONG_USAGE = 2

/** `built` rejects with what the compiler says. */
export async function main(command: Command, built: Promise<void>): Promise<void> {
  try {
    process.exit(await run(command, built))
  } catch (error) {
    if ('json' in command && command.json) await print(errorJson(error))
    else console.error(error instanceof Error ? error.message : error)
    process.exit(error instanceof InvalidScenarioError ? WRONG_USAGE : 1)
  }
}

async function run(command: Command, built: Promise<void>): Promise<number> {
  switch (command.run) {
    case 'usage':
      return explain(command)
    case 'playground':
      return runPlayground(command.fresh, built)
    case 'say':
      return runSay(command, built)
    case 'scenario':
      return runScenario(command, built)
    case 'real':
      return runReal(new StateFolder(STATE).forOneRun(), built)
  }
}

async function explain({ problem, json }: { problem?: string; json?: boolean }): Promise<number> {
  if (problem === undefined) await print(USAGE)
  else if (json) await print({ error: problem })
  else console.error(`${problem}\n\n${USAGE}`)
  return problem === undefined ? 0 : WRONG_USAGE
}

async function runSay({ text, json }: { text: string; json: boolean }, built: Promise<void>): Promise<number> {
  return onThrowAwayServers(built, async (servers, state) => {
    const tell = (said: Said): void => console.log(saidLines(said, servers.hostLog))
    const all = await say(text, { servers, state }, json ? undefined : tell)
    if (json) await print(saidJson(text, all))
    return all.every(({ passed }) => passed) ? 0 : 1
  })
}

async function runScenario({ file, json }: { file: string; json: boolean }, built: Promise<void>): Promise<number> {
  // npm runs scripts in the package's folder; the path is meant from where npm was called.
  const path = resolve(process.env.INIT_CWD ?? '', file)
  const fromHere = relative('', path)
  const scenario = readScenario(fromHere.startsWith('..') ? path : fromHere)
  return onThrowAwayServers(built, async (servers) => {
    if (!json) console.log(opening(scenario))
    await servers.start()
    const report = await play(scenario, servers, json ? undefined : (step) => console.log(stepLines(step)))
    await print(json ? scenarioJson(scenario, report) : closing(report))
    return report.passed ? 0 : 1
  })
}

async function onThrowAwayServers(
  built: Promise<void>,
  work: (servers: Servers, state: StateFolder) => Promise<number>
): Promise<number> {
  const state = new StateFolder(STATE).forOneRun()
  const servers = new Servers({ folder: state.path, throwAway: true, built })
  const left = onLeave().then(() => {
    throw new Error('It was ended before it was done.')
  })
  try {
    return await Promise.race([work(servers, state), left, servers.failed])
  } finally {
    await servers.stop()
    state.remove()
  }
}

const errorJson = (error: unknown): object => ({
  error: error instanceof Error ? error.message : String(error),
  ...(error instanceof InvalidScenarioError && { problems: error.problems })
})

/** Resolves when it is written: a process that exits may lose what is still on its way into a pipe. */
const print = (what: string | object): Promise<void> =>
  new Promise((done) => {
    process.stdout.write(`${typeof what === 'string' ? what : JSON.stringify(what, null, 2)}\n`, () => done())
  })

async function runPlayground(fresh: boolean, built: Promise<void>): Promise<number> {
  const state = new StateFolder(STATE)
  const running = await state.runningAt()
  if (running) {
    console.error(`The playground is running already: ${running}\nEnd it with Ctrl-C first.`)
    return 1
  }
  if (fresh) state.empty()
  const servers = new Servers({ folder: state.path, throwAway: false, built })
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
    const company = await foundCompany(servers.simulator, servers.host, state, modelScript(process.env))
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
