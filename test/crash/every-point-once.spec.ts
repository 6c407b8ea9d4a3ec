import { CrashCell, CrashPoint, CrashTally } from '../support/crash-cell'
import { Transport } from '../../playground/lark-simulator/client'
import { inParallel } from '../support/in-parallel'

const CHATS = 3
const CELLS_AT_A_TIME = 5

/** Over the long connection a successor waits for the lease of the dead: those begin first. */
const CELLS: readonly [CrashPoint, Transport][] = [
  ['mid-answer, after the card', 'long_connection'],
  ['after ack', 'long_connection'],
  ['after insert before ack', 'long_connection'],
  ['before enqueue', 'webhook'],
  ['after enqueue before bookkeeping', 'webhook'],
  ['in routing', 'webhook'],
  ['before insert', 'webhook'],
  ['mid-answer, after a run event', 'webhook'],
  ['mid-answer, after a patch', 'webhook'],
  ['before the outcome', 'webhook']
]

/** Every point once, over one transport or the other: `npm run test:crash -- every-point-once`, about two minutes. */
describe('a host that is killed', () => {
  let tallies: Promise<CrashTally>[]

  beforeAll(() => {
    const runs = CELLS.map(
      ([point, transport]) =>
        () =>
          CrashCell.run(point, transport, { crashes: 1, chats: CHATS })
    )
    tallies = inParallel(CELLS_AT_A_TIME, runs)
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
