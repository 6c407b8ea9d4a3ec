import { LeftSigns } from '../../../src/conversation/left-signs'
import { RunningTurn } from '../../../src/conversation/turn-row'
import { TurnWatchRepository } from '../../../src/conversation/turn-watch.repository'
import { ReplyLedger, TypingSign } from '../../../src/reply'
import { IntegrationLookUp, IntegrationReader } from '../../../src/settings'

describe('a reaction that is left', () => {
  const forgotten = async (found: IntegrationLookUp): Promise<unknown[]> => {
    const signs: unknown[] = []
    const turns = { find: async () => [{ id: 'turn' } as RunningTurn] } as unknown as TurnWatchRepository
    const ledger = { takeLeftSigns: async () => [{ turnId: 'turn', reactionId: 'r_1' }] } as unknown as ReplyLedger
    const integrations = { lookUp: async () => found } as unknown as IntegrationReader
    const sign = { forget: (one: unknown) => void signs.push(one), writeOff: async () => undefined }
    const left = new LeftSigns(turns, ledger, integrations, sign as unknown as TypingSign)
    await left.removeDue()
    await left.stop()
    return signs
  }

  it('is nobody’s any more where its integration was removed', async () => {
    expect(await forgotten('unknown')).toEqual([{ turnId: 'turn', reactionId: 'r_1' }])
  })

  it.each(['unavailable', 'unusable'] as const)('waits where its integration is %s', async (found) => {
    expect(await forgotten(found)).toEqual([])
  })
})
