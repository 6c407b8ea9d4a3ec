import { spawn } from 'node:child_process'
import { join } from 'node:path'

const ROOT = join(__dirname, '..', '..')

/** Builds the plugin unless `dist` was built from the sources as they are. Rejects with what the compiler says. */
export async function buildPlugin(): Promise<void> {
  const { code } = await run(process.execPath, ['scripts/built.mjs', 'check'])
  if (code === 0) return
  const build = await run('npm', ['run', 'build', '--silent'])
  if (build.code !== 0) throw new Error(`The plugin could not be built.\n${build.output.trim()}`)
}

function run(command: string, args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}
