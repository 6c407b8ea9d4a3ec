import { parseArgs } from 'node:util'
import { startSimulator } from './simulator-server'

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } })

async function main(): Promise<void> {
  const simulator = await startSimulator(Number(values.port))
  const stop = (): void => void simulator.close().then(() => process.exit(0))
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  process.once('disconnect', stop)
  console.log(JSON.stringify({ ready: true, url: simulator.url }))
}

main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
