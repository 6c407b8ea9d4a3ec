import { setTimeout as pace } from 'node:timers/promises'
import type { TalkTally } from '../../test/support/talk-tally'
import { World } from '../../test/support/world'
import type { BenchResult, Figure } from '../result'
import { FaultSchedule } from './fault-schedule'
import { MixedTalk } from './mixed-talk'
import { ProcessWatch } from './process-watch'
import { SoakHosts } from './soak-hosts'
import { hireAll } from './voices'

const MINUTES = Number(process.env['SOAK_MINUTES'] ?? 30)
const MINUTE_MS = 60_000

const tell = (line: string): void => void process.stderr.write(`soak, ${line}\n`)

/** All kinds of messages at a steady pace, one trouble after the other, and what it leaves behind. */
export async function soak(): Promise<BenchResult> {
  const world = await World.create()
  let hosts: SoakHosts | undefined
  try {
    hosts = await SoakHosts.start(world)
    const voices = await hireAll(world, hosts)
    const talk = new MixedTalk(world, voices)
    const schedule = new FaultSchedule(world, hosts, voices)
    const watch = new ProcessWatch(hosts.steady)
    await live(talk, schedule, watch)
    const tally = await talk.tally()
    for (const each of tally.lost) tell(`lost ${each}`)
    for (const each of tally.doubled) tell(`doubled ${each}`)
    for (const line of hosts.unhandled) tell(line)
    return { name: 'soak', figures: [...figuresOf(tally, hosts), ...watch.figures()] }
  } finally {
    await world.end()
    await hosts?.end()
  }
}

async function live(talk: MixedTalk, schedule: FaultSchedule, watch: ProcessWatch): Promise<void> {
  const troubleOver = new AbortController()
  const talkOver = new AbortController()
  const trouble = async (): Promise<void> => {
    try {
      const { signal } = troubleOver
      await Promise.all([schedule.run(signal), watch.run(signal), minutes(talk, schedule, watch, troubleOver)])
      await talk.anotherRound()
    } finally {
      talkOver.abort()
    }
  }
  await Promise.all([talk.write(talkOver.signal), trouble()])
}

async function minutes(
  talk: MixedTalk,
  schedule: FaultSchedule,
  watch: ProcessWatch,
  over: AbortController
): Promise<void> {
  for (let minute = 1; minute <= MINUTES; minute += 1) {
    await pace(MINUTE_MS)
    const outcomes = `${talk.messages} messages, ${await talk.ended()} ended`
    tell(`minute ${minute} of ${MINUTES}: ${outcomes}; ${watch.latest}; trouble: ${schedule.current}`)
  }
  over.abort()
}

function figuresOf({ messages, lost, doubled, interrupted, notices }: TalkTally, { unhandled }: SoakHosts): Figure[] {
  const none = { atMost: 0 }
  return [
    { what: 'messages', value: messages, unit: '' },
    { what: 'lost', value: lost.length, unit: '', goal: none },
    { what: 'doubled', value: doubled.length, unit: '', goal: none },
    { what: 'interrupted, and seen to be', value: interrupted, unit: '' },
    { what: 'files not to be had, and said so', value: notices, unit: '' },
    { what: 'errors that nobody caught', value: unhandled.length, unit: '', goal: none }
  ]
}
