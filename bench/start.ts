import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { World } from '../test/support/world'
import type { BenchResult, Figure } from './result'
import { median } from './support/statistics'

const ROOT = resolve(__dirname, '..')
const TIMES = 3
const INTEGRATIONS = 500

/** How long until a host serves, with and without integrations to look after; how long the package takes to load; its size. */
export async function start(): Promise<BenchResult> {
  const figures: Figure[] = [...(await coldStarts()), requireTime(), packedSize()]
  return { name: 'start', figures }
}

async function coldStarts(): Promise<Figure[]> {
  const world = await World.create()
  try {
    const none = await startSeconds(world)
    const app = await world.lark.createApp({ transport: 'webhook', name: 'Ada' })
    const { appId, appSecret, verificationToken } = app
    const options = { appId, appSecret, verificationToken, connectionMode: 'webhook' }
    await world.startHost()
    for (let index = 0; index < INTEGRATIONS; index += 1)
      await world.admin.createIntegration({ name: `Integration ${index}`, options })
    await world.host.stop()
    const many = await startSeconds(world)
    return [
      { what: 'cold start, no integration', value: none, unit: 's' },
      { what: `cold start, ${INTEGRATIONS} integrations`, value: many, unit: 's' },
      { what: 'as a multiple of none', value: many / none, unit: '' }
    ]
  } finally {
    await world.end()
  }
}

async function startSeconds(world: World): Promise<number> {
  const all: number[] = []
  for (let count = 0; count < TIMES; count += 1) {
    const began = performance.now()
    const host = await world.startHost()
    all.push((performance.now() - began) / 1000)
    await host.stop()
  }
  return median(all)
}

/** Of the built package, with the host's own libraries already loaded. */
function requireTime(): Figure {
  const script = `
    for (const name of ['@nestjs/common', '@nestjs/typeorm', 'typeorm', '@xpert-ai/plugin-sdk', 'rxjs', 'zod']) require(name)
    const began = performance.now()
    require('./dist/index.js')
    console.log(performance.now() - began)`
  const times = Array.from({ length: TIMES }, () =>
    Number(execFileSync(process.execPath, ['-r', 'reflect-metadata', '-e', script], { cwd: ROOT, encoding: 'utf8' }))
  )
  return { what: 'require of the package', value: median(times), unit: 'ms' }
}

function packedSize(): Figure {
  const listed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', ROOT], {
    cwd: ROOT,
    encoding: 'utf8'
  })
  const [{ filename }] = JSON.parse(listed) as [{ filename: string }]
  const file = resolve(ROOT, filename)
  const { size } = statSync(file)
  execFileSync('rm', [file])
  return { what: 'packed', value: size / 1024, unit: 'KiB', goal: { atMost: 400 } }
}
