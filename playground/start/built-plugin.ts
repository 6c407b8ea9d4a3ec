import { spawn } from 'node:child_process'
import { join } from 'node:path'

const ROOT = join(__dirname, '..', '..')

/** As `npm run build`, but for the types, which `npm run typecheck` checks. */
const STEPS = [
  ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--noCheck'],
  ['scripts/finish-build.mjs'],
  ['scripts/built.mjs', 'mark']
]

/** Builds the plugin unless `dist` was built from the sources as they are. Rejects with what the compiler says. */
export async function buildPlugin(): Promise<void> {
  if ((await run(['scripts/built.mjs', 'check'])).code === 0) return
  for (const step of STEPS) {
    const { code, output } = await run(step)
    if (code !== 0) throw new Error(`The plugin could not be built.\n${output.trim()}`)
  }
}

function run(args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}
