/** A tiny host as a process of its own: configured by TINY_HOST (JSON), says `ready` to its parent, dies with it. */
import { startTinyHost } from './tiny-host'

async function main(): Promise<void> {
  const app = await startTinyHost(JSON.parse(process.env.TINY_HOST ?? '{}'))
  process.on('SIGTERM', () => void app.close().then(() => process.exit(0)))
  process.on('disconnect', () => process.exit(1))
  process.send?.('ready')
}

void main()
