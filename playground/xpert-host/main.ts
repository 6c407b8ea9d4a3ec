import { Console } from 'node:console'
import 'reflect-metadata'

// stdout belongs to the line that says the host is ready, whatever the plugin's libraries print.
globalThis.console = new Console({ stdout: process.stderr, stderr: process.stderr })
process.env.NODE_ENV ??= 'production'

async function main(): Promise<void> {
  const { readHostSettings } = await import('./boot/host-settings')
  const { startHost } = await import('./boot/start-host')
  const settings = readHostSettings(process.env)
  const { url } = await startHost(settings)
  process.stdout.write(`${JSON.stringify({ ready: true, url, instance: settings.instance })}\n`)
}

process.on('disconnect', () => process.exit(1))
main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
