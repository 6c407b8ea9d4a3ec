import { Transport } from '../../playground/lark-simulator/client'
import { CRASH_POINTS, CrashCell, CrashTally, total } from '../support/crash-cell'
import { crashTable } from '../support/crash-table'
import { inParallel } from '../support/in-parallel'

const TRANSPORTS: readonly Transport[] = ['webhook', 'long_connection']

/** Cells of one point at a time have a world of their own each. */
const CELLS = 4
const CRASHES = 5
const CHATS = 5
const CELLS_AT_A_TIME = 8

describe('a host that is killed, again and again', () => {
  const points = TRANSPORTS.flatMap((transport) => CRASH_POINTS.map((point) => ({ point, transport })))
  const figures: CrashTally[] = []
  let tallies: Promise<CrashTally>[]

  beforeAll(() => {
    const cells = points.flatMap(({ point, transport }) =>
      Array.from({ length: CELLS }, () => () => CrashCell.run(point, transport, { crashes: CRASHES, chats: CHATS }))
    )
    tallies = inParallel(CELLS_AT_A_TIME, cells)
  })

  afterAll(() => process.stdout.write(`\n${crashTable(figures)}\n\n`))

  it.each(points.map(({ point, transport }, index) => [point, transport, index] as const))(
    '%s, over %s: loses no message and answers none twice',
    async (_point, _transport, index) => {
      const all = total(await Promise.all(tallies.slice(index * CELLS, (index + 1) * CELLS)))
      figures.push(all)
      expect(all).toMatchObject({ crashes: CELLS * CRASHES, lost: 0, doubled: 0, findings: [] })
    }
  )
})
