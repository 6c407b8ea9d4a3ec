import { LarkApiError, LarkApp } from '../../../src/lark'
import { HeldReply } from '../../../src/reply/held-reply'
import { ReplyTarget } from '../../../src/reply/reply-writer'
import { FixedClock } from '../../support/conversation-parts'
import { larkError } from '../../support/fake-lark'
import { replyParts } from '../../support/reply-parts'

const APP: LarkApp = { appId: 'cli_1', appSecret: 's', region: 'feishu' }
const OWNER = { turnId: 'turn-1', integrationId: 'i', chatId: 'oc_1' }
const TARGET: ReplyTarget = { ...OWNER, anchorMessageId: 'om_person', inThread: false }
const KEPT = 'Hello.\n\nWhy it ended'

describe('an answer on a card, of whose end Lark says nothing until it is too late to send it again', () => {
  let parts: ReturnType<typeof replyParts>
  let held: HeldReply

  const conclude = async (): Promise<void> => {
    const work = parts.writer.conclude(APP, TARGET, held)
    await Promise.all([work.catch(() => undefined), jest.runAllTimersAsync()])
    return work
  }

  beforeEach(async () => {
    jest.useFakeTimers()
    parts = replyParts(new FixedClock(new Date('2026-03-01T10:00:00Z')))
    held = (await parts.writer.hold(OWNER))!
    await parts.writer.show(APP, TARGET, held, { markdown: 'Hel' })
    parts.lark.fail(({ name }) => name === 'patch', larkError('unknown_outcome'), { times: 14 })
    const last = parts.writer.finish(APP, TARGET, held, { markdown: 'Hello.', note: 'Why it ended' }, 'failed', {
      isLastTry: true
    })
    await Promise.all([last, jest.runAllTimersAsync()])
    expect(await last).toBe('delivery_unknown')
    held = (await parts.writer.hold(OWNER))!
  })

  afterEach(() => jest.useRealTimers())

  it('keeps its words, which the card shows once Lark answers again', async () => {
    await expect(conclude()).rejects.toThrow(LarkApiError)
    expect(parts.ledger.saved).toMatchObject({ phase: 'failed', text: KEPT })
    await conclude()
    expect(JSON.stringify([...parts.lark.shown.values()])).toContain(JSON.stringify(KEPT))
    expect(parts.lark.shown.size).toBe(1)
    expect(parts.ledger.saved).toMatchObject({ phase: 'failed', text: null, fault: null })
  })

  it.each(['complete', 'failed'] as const)(
    'is not taken for shown by who looks again before its turn ends: %s',
    async (phase) => {
      expect(await parts.writer.finish(APP, TARGET, held, { markdown: 'Hello.' }, phase)).toBe('delivery_unknown')
      expect(held).toMatchObject({ phase: 'failed', text: KEPT })
    }
  )

  it.each([
    ['forbidden', 'delivery_failed'],
    ['content_refused', 'content_refused'],
    ['quota', 'quota_exhausted']
  ] as const)('says the same of a refusal to who looks again: %s', async (reaction, delivery) => {
    held.fault = { ...held.fault!, reaction }
    expect(await parts.writer.finish(APP, TARGET, held, { markdown: 'Hello.' }, 'failed')).toBe(delivery)
  })

  it('is shown in the end also where its card can not be changed any more, and Lark says nothing of another one at first', async () => {
    const { lark, ledger, writer } = parts
    const { messageId: old } = held.current
    await expect(conclude()).rejects.toThrow(LarkApiError)
    lark.fail(({ name, messageId }) => name === 'patch' && messageId === old, larkError('forbidden'))
    lark.fail(({ name }) => name === 'reply', larkError('unknown_outcome'), { times: 7, after: true })
    await expect(conclude()).rejects.toThrow(LarkApiError)
    held = (await writer.hold(OWNER))!
    await conclude()
    const shown = [...lark.shown.values()].filter((message) => JSON.stringify(message).includes(JSON.stringify(KEPT)))
    expect(shown).toHaveLength(1)
    expect([...lark.shown.keys()]).not.toContain(old)
    expect(ledger.saved).toMatchObject({ phase: 'failed', text: null, sendingSince: null, replaced: [] })
  })

  it.each([
    ['its second card', 1],
    ['anything of it', 0]
  ])('is whole in the end where Lark said nothing before %s was sent', async (_what, count) => {
    const { lark, ledger, writer } = replyParts(new FixedClock(new Date('2026-03-01T10:00:00Z')))
    const long = Array.from({ length: 300 }, (_, index) => `line ${index} ${'x'.repeat(90)}`).join('\n')
    lark.scopes = new Set(['cardkit:card:write'])
    held = (await writer.hold(OWNER))!
    held.form = 'entity'
    if (count > 0) await writer.show(APP, TARGET, held, { markdown: 'line 0' })
    lark.fail(({ name }) => name === 'createCard', larkError('unknown_outcome'), { times: 7 })
    const last = writer.finish(APP, TARGET, held, { markdown: long }, 'complete', { isLastTry: true })
    await Promise.all([last, jest.runAllTimersAsync()])
    expect(await last).toBe('delivery_unknown')
    expect(lark.shown.size).toBe(count)
    held = (await writer.hold(OWNER))!
    await Promise.all([writer.conclude(APP, TARGET, held), jest.runAllTimersAsync()])
    expect(JSON.stringify([...lark.shown.values()]).includes('line 299')).toBe(true)
    expect(ledger.saved).toMatchObject({ phase: 'failed', text: null, former: [expect.anything()] })
  })

  it('is given up where it stays unknown for too long whether another one is there', async () => {
    Object.assign(held, { sendingSince: new Date('2026-03-01T09:00:00Z') })
    held.current.messageId = null
    const before = parts.lark.calls.length
    await conclude()
    expect(parts.lark.calls).toHaveLength(before)
    expect(parts.ledger.saved).toMatchObject({ phase: 'failed', text: KEPT })
  })

  it('is left as it is where its words are not kept any more', async () => {
    held.text = null
    const before = parts.lark.calls.length
    await conclude()
    expect(parts.lark.calls).toHaveLength(before)
  })
})
