import { Transport } from '../../playground/lark-simulator/client'
import { CrashCell, CrashPoint, CrashTally } from '../support/crash-cell'
import { inParallel } from '../support/in-parallel'

const CHATS = 2

/** Of ten points four; over the long connection a successor waits for the lease of the dead. */
const CELLS: readonly [CrashPoint, Transport][] = [
  ['mid-answer, after the card', 'long_connection'],
  ['after insert before ack', 'webhook'],
  ['after enqueue before bookkeeping', 'webhook'],
  ['before the outcome', 'webhook']
]

/** The short version of `npm run test:crash`, under a minute. */
describe('a host that is killed', () => {
  let tallies: Promise<CrashTally>[]

  beforeAll(() => {
    const runs = CELLS.map(
      ([point, transport]) =>
        () =>
          CrashCell.run(point, transport, { crashes: 1, chats: CHATS })
    )
    tallies = inParallel(CELLS.length, runs)
  })

  it.each(CELLS.map(([point, transport], index) => [point, transport, index] as const))(
    '%s, over %s: loses no message and answers none twice',
    async (_point, _transport, index) => {
      const tally = await tallies[index]!
      expect(tally).toMatchObject({ crashes: 1, messages: CHATS, lost: 0, doubled: 0, findings: [] })
    },
    180_000
  )
})
