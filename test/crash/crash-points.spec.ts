import { Transport } from '../../playground/lark-simulator/client'
import { CRASH_POINTS, CrashCell, CrashPoint, CrashTally, total } from '../support/crash-cell'
import { crashTable } from '../support/crash-table'
import { inParallel } from '../support/in-parallel'

/** Cells of one point: each has a world of its own and is killed several times in it. */
const CELLS = 4
const CRASHES = 5
const CHATS = 5
const CELLS_AT_A_TIME = 6

/** Behind the acknowledgement the way of a message is the same; one point there is enough for the second transport. */
const BY_SOCKET: readonly CrashPoint[] = [
  'before insert',
  'after insert before ack',
  'after ack',
  'mid-answer, after the card'
]

/** CRASH_POINT=NAME: that point alone, some minutes instead of an hour. */
const isAsked = ([point]: readonly [CrashPoint, Transport]): boolean =>
  [undefined, point].includes(process.env['CRASH_POINT'] as CrashPoint | undefined)

const POINTS: readonly (readonly [CrashPoint, Transport])[] = [
  ...CRASH_POINTS.map((point) => [point, 'webhook'] as const),
  ...BY_SOCKET.map((point) => [point, 'long_connection'] as const)
].filter(isAsked)

describe('a host that is killed, again and again', () => {
  const figures: CrashTally[] = []
  let tallies: Promise<CrashTally>[]

  beforeAll(() => {
    const cells = POINTS.flatMap(([point, transport]) =>
      Array.from({ length: CELLS }, () => () => CrashCell.run(point, transport, { crashes: CRASHES, chats: CHATS }))
    )
    tallies = inParallel(CELLS_AT_A_TIME, cells)
  })

  afterAll(() => process.stdout.write(`\n${crashTable(figures)}\n\n`))

  it.each(POINTS.map(([point, transport], index) => [point, transport, index] as const))(
    '%s, over %s: loses no message and answers none twice',
    async (_point, _transport, index) => {
      const all = total(await Promise.all(tallies.slice(index * CELLS, (index + 1) * CELLS)))
      figures.push(all)
      // At once, too: the run is long, and it may be broken off.
      process.stdout.write(`${JSON.stringify(all)}\n`)
      expect(all).toMatchObject({ crashes: CELLS * CRASHES, lost: 0, doubled: 0, findings: [] })
    }
  )
})
