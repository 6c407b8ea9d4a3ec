import { Transport } from '../../playground/lark-simulator/client'
import { CrashCell, CrashPoint, CrashTally } from './crash-cell'
import { inParallel } from './in-parallel'

interface Kills {
  cells: readonly (readonly [CrashPoint, Transport])[]
  chats: number
  cellsAtATime: number
}

/** One kill at each point, and what became of the messages that were under way. */
export const describeKilledHosts = ({ cells, chats, cellsAtATime }: Kills): void =>
  describe('a host that is killed', () => {
    let tallies: Promise<CrashTally>[]

    beforeAll(() => {
      const runs = cells.map(
        ([point, transport]) =>
          () =>
            CrashCell.run(point, transport, { crashes: 1, chats })
      )
      tallies = inParallel(cellsAtATime, runs)
    })

    it.each(cells.map(([point, transport], index) => [point, transport, index] as const))(
      '%s, over %s: loses no message and answers none twice',
      async (_point, _transport, index) => {
        const tally = await tallies[index]!
        expect(tally).toMatchObject({ crashes: 1, messages: chats, lost: 0, doubled: 0, findings: [] })
      },
      180_000
    )
  })
