import { AnswerLoad } from '../../test/support/answer-load'
import { World } from '../../test/support/world'
import type { BenchResult, Figure } from '../result'
import { median } from '../support/statistics'
import { Loop } from './loop'

interface Level {
  answers: number
  deltas: number
  /** As many answers of so many deltas: what grows faster than its events shows itself there. */
  longDeltas?: number
}

/** Few answers are long, so that the last frame of each is not what is measured. */
const LEVELS: readonly Level[] = [
  { answers: 1, deltas: 800 },
  { answers: 10, deltas: 150, longDeltas: 600 },
  { answers: 50, deltas: 80 },
  { answers: 200, deltas: 30 }
]
const MOST_ANSWERS = Math.max(...LEVELS.map(({ answers }) => answers))

/** Rounds alternate, so that what else the machine does meets both. */
const ROUNDS = 3

/** At a frame a second each, so many answers stay below Lark's 1,000 patches a minute of one app. */
const ANSWERS_PER_APP = 10

const DEFAULT_SLOTS = 20

interface Streamed {
  perSecond: number[]
  loopPerSecond: number[]
  longPerSecond: number[]
  eventsPerWrite: number
  /** Answers that are not exact, and refusals of Lark's. */
  wrong: number
}

/** Run events a second through ordering, ledger and rendering, beside a loop that concatenates and patches. */
export async function stream(): Promise<BenchResult> {
  const figures: Figure[] = []
  for (const level of LEVELS) figures.push(...figuresOf(level, await measure(level)))
  return { name: 'stream', figures }
}

async function measure(level: Level): Promise<Streamed> {
  const queueSlots = Math.max(DEFAULT_SLOTS, level.answers)
  const loop = await Loop.start(queueSlots)
  const world = await World.create()
  try {
    await world.startHost({ queueSlots })
    await loop.run(1, 20, 1)
    await answered(world, { answers: 1, deltas: 20 })
    return await inTurns(level, loop, world)
  } finally {
    await world.end()
    await loop.end()
  }
}

async function inTurns({ answers, deltas, longDeltas }: Level, loop: Loop, world: World): Promise<Streamed> {
  const streamed: Streamed = { perSecond: [], loopPerSecond: [], longPerSecond: [], eventsPerWrite: 0, wrong: 0 }
  for (let round = 0; round < ROUNDS; round += 1) {
    const { events, seconds } = await loop.run(answers, deltas, appsFor(answers))
    streamed.loopPerSecond.push(events / seconds)
    const ours = await answered(world, { answers, deltas })
    streamed.perSecond.push(events / ours.streamSeconds)
    streamed.wrong += ours.wrong.length
    if (longDeltas) {
      const long = await answered(world, { answers, deltas: longDeltas })
      streamed.longPerSecond.push((events + answers * (longDeltas - deltas)) / long.streamSeconds)
      streamed.wrong += long.wrong.length
    }
    streamed.eventsPerWrite = ours.eventsPerWrite
  }
  streamed.wrong += (await world.lark.violations()).length
  return streamed
}

/** Patched cards, as the loop's are: an app without the scope for streaming ones. */
const answered = (world: World, { answers, deltas }: Level) =>
  new AnswerLoad(world, answers, deltas, 0, { apps: appsFor(answers), scopes: [] }).run()

const appsFor = (answers: number): number => Math.ceil(answers / ANSWERS_PER_APP)

function figuresOf({ answers, deltas, longDeltas }: Level, streamed: Streamed): Figure[] {
  const people = `${answers} answer${answers === 1 ? '' : 's'}`
  const what = `${people} of ${deltas} deltas`
  const [ours, loop] = [median(streamed.perSecond), median(streamed.loopPerSecond)]
  const figures: Figure[] = [
    { what: `${what}: loop`, value: loop, unit: 'events/s' },
    { what: `${what}: ours`, value: ours, unit: 'events/s' },
    { what: `${what}: share of the loop`, value: ours / loop, unit: '', goal: { atLeast: 0.5 } }
  ]
  if (longDeltas) {
    const share = median(streamed.longPerSecond) / ours
    figures.push({ what: `${people} of ${longDeltas} deltas: share`, value: share, unit: '', goal: { atLeast: 0.7 } })
  }
  if (answers === MOST_ANSWERS) {
    const { eventsPerWrite } = streamed
    figures.push({ what: `${what}: events a write`, value: eventsPerWrite, unit: '', goal: { atLeast: 8 } })
  }
  figures.push({ what: `${people}: not exact, or refused`, value: streamed.wrong, unit: '', goal: { atMost: 0 } })
  return figures
}
