import { ClickedTurnRepository, UnclosedTurn } from '../../../src/conversation/clicked-turn.repository'
import { TurnClosing } from '../../../src/conversation/turn-closing'
import { TurnContexts } from '../../../src/conversation/turn-contexts'
import { TurnOutcome } from '../../../src/conversation/turn-outcome'
import { faultOf, LARK_CODES, LarkApiError } from '../../../src/lark'
import { ReplyTarget } from '../../../src/reply/reply-writer'
import { IntegrationLookUp, IntegrationReader } from '../../../src/settings'
import { FixedClock } from '../../support/conversation-parts'
import { larkError } from '../../support/fake-lark'
import { larkIntegration } from '../../support/lark-integration'
import { replyParts } from '../../support/reply-parts'

const OWNER = { turnId: 'turn-1', integrationId: 'i', chatId: 'oc_1' }
const TARGET: ReplyTarget = { ...OWNER, anchorMessageId: 'om_person', inThread: false }
const TURN: UnclosedTurn = {
  id: OWNER.turnId,
  integrationId: 'i',
  chatId: 'oc_1',
  threadId: null,
  anchorMessageId: 'om_person',
  senderId: 'ou_1',
  reason: 'delivery_unknown',
  chatType: 'p2p',
  scopeKey: 'direct:oc_1'
}

describe('a turn that has ended while its card does not say so', () => {
  const integration = larkIntegration()
  let parts: ReturnType<typeof replyParts>
  let closed: string[]

  const close = async (found: IntegrationLookUp, { repeated = [false], reason = TURN.reason } = {}): Promise<void> => {
    const due = [{ ...TURN, reason }]
    const looks = [...repeated]
    const clicked = { takeUnclosed: async () => due.splice(0), noteClosed: async (id: string) => void closed.push(id) }
    const integrations = { lookUp: async () => found }
    const contexts = { languageOf: async () => 'en-US' }
    const outcome = { isRepeated: async () => (looks.length > 1 ? looks.shift() : looks[0]) }
    const closing = new TurnClosing(
      clicked as unknown as ClickedTurnRepository,
      parts.writer,
      integrations as unknown as IntegrationReader,
      contexts as unknown as TurnContexts,
      outcome as unknown as TurnOutcome
    )
    await Promise.all([closing.closeDue(), jest.runAllTimersAsync()])
    await closing.stop()
  }
  const shown = (): string => JSON.stringify([...parts.lark.shown.values()])

  beforeEach(async () => {
    jest.useFakeTimers()
    closed = []
    parts = replyParts(new FixedClock(new Date('2026-03-01T10:00:00Z')))
    const held = (await parts.writer.hold(OWNER))!
    await parts.writer.show(integration.settings, TARGET, held, { markdown: 'Half' })
    parts.lark.fail(({ name }) => name === 'patch', larkError('unknown_outcome'), { times: 7 })
    const last = { isLastTry: true }
    const end = parts.writer.finish(
      integration.settings,
      TARGET,
      held,
      { markdown: 'Half and whole' },
      'complete',
      last
    )
    await Promise.all([end, jest.runAllTimersAsync()])
  })

  afterEach(() => jest.useRealTimers())

  it('shows its whole answer', async () => {
    await close({ integration })
    expect(shown()).toContain('Half and whole')
    expect(closed).toEqual([TURN.id])
  })

  it.each(['delivery_unknown', 'integration_unusable'])(
    'only says where to look when an admin has it answered again: %s',
    async (reason) => {
      await close({ integration }, { repeated: [true], reason })
      expect(shown()).not.toContain('whole')
      expect(shown()).toContain('answered again')
      expect(closed).toEqual([TURN.id])
    }
  )

  describe('of which Lark refuses the words', () => {
    const refused = faultOf(larkError('content_refused'))

    it.each(['content_refused', 'recalled'])('says why, and Lark is not given them again: %s', async (reason) => {
      parts.ledger.saved!.fault = refused
      const before = parts.lark.calls.length
      await close({ integration }, { reason })
      expect(JSON.stringify(parts.lark.calls.slice(before))).not.toContain('whole')
      expect(shown()).toContain(reason === 'recalled' ? 'Stopped.' : 'content check refused')
      expect(shown()).not.toContain('Half')
      expect(parts.ledger.saved?.fault).toEqual(refused)
      expect(closed).toEqual([TURN.id])
    })

    it.each([
      ['says why, too, where it has no card', false],
      ['says nothing where it has no card and an admin has it answered again', true]
    ])('%s', async (_what, isRepeated) => {
      parts = replyParts(new FixedClock(new Date('2026-03-01T10:00:00Z')))
      parts.lark.fail(({ name }) => name === 'reply', larkError('content_refused'), { times: 1 })
      const held = (await parts.writer.hold(OWNER))!
      await parts.writer.finish(integration.settings, TARGET, held, { markdown: 'The whole' }, 'complete')
      await close({ integration }, { reason: 'content_refused', repeated: [isRepeated] })
      expect(parts.lark.shown.size).toBe(isRepeated ? 0 : 1)
      expect(shown().includes('content check refused')).toBe(!isRepeated)
      expect(shown()).not.toContain('whole')
      expect(closed).toEqual([TURN.id])
    })
  })

  it.each([
    ['with what was there, and why it ends, where its settings were unusable', 'integration_unusable'],
    ['where Lark said nothing for an hour', 'delivery_unknown']
  ])('is answered %s before it had a card', async (_when, reason) => {
    parts = replyParts(new FixedClock(new Date('2026-03-01T10:00:00Z')))
    const held = (await parts.writer.hold(OWNER))!
    parts.ledger.saved = { ...held, phase: 'failed', text: 'The whole' }
    await close({ integration }, { reason })
    expect(shown()).toContain('The whole')
    expect(shown().includes('settings of this bot')).toBe(reason === 'integration_unusable')
    expect(closed).toEqual([TURN.id])
  })

  it('says where to look, too, when an admin has it answered again while it is shown', async () => {
    await close({ integration }, { repeated: [false, true] })
    expect(closed).toEqual([])
    await close({ integration }, { repeated: [true] })
    expect(shown()).not.toContain('whole')
    expect(shown()).toContain('answered again')
    expect(closed).toEqual([TURN.id])
  })

  it('is left alone where somebody has recalled its card and nothing but its end is to be said', async () => {
    const failure = { api: 'im.message.patch', larkCode: LARK_CODES.messageRecalled, httpStatus: 400 }
    parts.lark.fail(({ name }) => name === 'patch', new LarkApiError('target_gone', failure))
    await close({ integration }, { reason: 'integration_unusable' })
    expect(parts.lark.names().filter((name) => name === 'reply')).toHaveLength(1)
    expect(closed).toEqual([TURN.id])
  })

  it.each(['unavailable', 'unusable'] as const)('waits where its integration is %s', async (found) => {
    await close(found)
    expect(closed).toEqual([])
  })

  it('is left as it is where its integration was removed', async () => {
    await close('unknown')
    expect(closed).toEqual([TURN.id])
  })
})
