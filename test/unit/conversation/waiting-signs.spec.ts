import { WaitingSigns } from '../../../src/conversation/waiting-signs'
import { RunningTurn } from '../../../src/conversation/turn-row'
import { TurnWatchRepository } from '../../../src/conversation/turn-watch.repository'
import { TypingSign } from '../../../src/reply'
import { FixedClock, OneIntegration } from '../../support/conversation-parts'
import { LarkIntegration } from '../../../src/settings'

describe('the sign that a message waits', () => {
  it('knows when the message was sent: an old one gets none', async () => {
    const sentAt = '2026-03-01T09:00:00.000Z'
    const turn = { id: 'turn', anchorMessageId: 'om_1', messages: [{ messageId: 'om_1', senderId: 'ou_1', sentAt }] }
    const shown: unknown[] = []
    const turns = { takeUnsigned: async () => [turn as unknown as RunningTurn] } as unknown as TurnWatchRepository
    const show = async (_app: unknown, _target: unknown, at: Date | null) => void shown.push(at)
    const integration = { id: 'integration', settings: {} } as LarkIntegration
    const clock = new FixedClock(new Date('2026-03-01T10:00:00Z'))
    const signs = new WaitingSigns(turns, new OneIntegration(integration), { show } as unknown as TypingSign, clock)
    await signs.showDue()
    await signs.stop()
    expect(shown).toEqual([new Date(sentAt)])
  })
})
