import { Logger } from '@nestjs/common'
import { LarkApiError, LarkApp, LarkReaction } from '../../../src/lark'
import { HeldReply, newPart } from '../../../src/reply/held-reply'
import { Delivery, ReplyTarget, ReplyWriter } from '../../../src/reply/reply-writer'
import { LeaseLostError } from '../../../src/shared'
import { FixedClock } from '../../support/conversation-parts'
import { FakeLark, LarkCall, larkError } from '../../support/fake-lark'
import { MemoryLedger, replyParts } from '../../support/reply-parts'

const NOW = new Date('2026-03-01T10:00:00Z')
const APP: LarkApp = { appId: 'cli_1', appSecret: 's', region: 'feishu' }
const TARGET: ReplyTarget = {
  turnId: 'turn-1',
  integrationId: 'i',
  chatId: 'oc_1',
  anchorMessageId: 'om_person',
  executionId: 'run-1',
  inThread: false
}

const refused = (larkCode: number): LarkApiError =>
  new LarkApiError('target_gone', { api: 'im.message.patch', larkCode, httpStatus: 400 })
const isPatchOf =
  (id: string) =>
  ({ name, messageId }: LarkCall): boolean =>
    name === 'patch' && messageId === id
const isCard = ({ name, msgType }: LarkCall): boolean => name === 'patch' || msgType === 'interactive'
const markdownOf = (content: Record<string, unknown>): string =>
  'text' in content
    ? (content['text'] as string)
    : 'zh_cn' in content
      ? (content['zh_cn'] as { content: { text: string }[][] }).content[0]![0]!.text
      : (content['body'] as { elements: { content: string }[] }).elements
          .map((element) => element.content)
          .join('\n--\n')

describe('ReplyWriter', () => {
  let lark: FakeLark
  let ledger: MemoryLedger
  let writer: ReplyWriter
  let held: HeldReply
  let clock: FixedClock

  beforeEach(async () => {
    jest.useFakeTimers()
    clock = new FixedClock(NOW)
    const parts = replyParts(clock)
    lark = parts.lark
    ledger = parts.ledger
    writer = parts.writer
    held = (await writer.hold({ turnId: TARGET.turnId, integrationId: 'i', chatId: 'oc_1' }))!
  })

  afterEach(() => jest.useRealTimers())

  const show = (markdown: string, note?: string): Promise<void> => writer.show(APP, TARGET, held, { markdown, note })
  const finish = async (
    markdown: string,
    phase: 'complete' | 'failed' | 'stopped' = 'complete',
    note?: string
  ): Promise<Delivery> => {
    const done = writer.finish(APP, TARGET, held, { markdown, note }, phase)
    await Promise.all([done.catch(() => undefined), jest.runAllTimersAsync()])
    return done
  }
  const visible = (): string[] => [...lark.shown.values()].map(markdownOf)

  it('replies once and lets the same card grow to its end', async () => {
    await show('', 'Working…')
    await show('Hel')
    expect(await finish('Hello.')).toBe('delivered')
    expect(lark.names()).toEqual(['reply', 'patch', 'patch'])
    expect(visible()).toEqual(['Hello.'])
    expect(ledger.saved).toMatchObject({ phase: 'complete', current: { messageId: 'om_1' }, lastFrameAt: NOW })
  })

  it('is one reply where the answer was quick', async () => {
    expect(await finish('Hello.')).toBe('delivered')
    expect(lark.names()).toEqual(['reply'])
  })

  it.each([
    ['complete', 'complete'],
    ['failed', 'failed'],
    ['stopped', 'stopped']
  ] as const)('ends %s', async (phase, saved) => {
    expect(await finish('Hel', phase, 'Why it ended')).toBe('delivered')
    expect(ledger.saved?.phase).toBe(saved)
    expect(visible()).toEqual(['Hel\n--\nWhy it ended'])
  })

  it('keeps the answer where files are sent behind it', async () => {
    const files = [{ place: 1, fileKey: 'key', name: 'a.pdf' }]
    const behind = { attempt: 'attempt', files, lost: [], isStopRequested: false, language: 'en-US' } as const
    expect(await writer.finish(APP, TARGET, held, { markdown: 'Hello.' }, 'complete', { behind })).toBe('delivered')
    expect(ledger.saved).toMatchObject({ phase: 'complete', released: false, filesBehind: [1] })
  })

  describe('a frame on the way', () => {
    it.each<LarkReaction>(['retry', 'unknown_outcome', 'slow_down', 'drop_frame', 'forbidden'])(
      'is dropped, not repeated, after %s',
      async (code) => {
        lark.fail(isCard, larkError(code), { times: 1 })
        await show('Hel')
        expect(lark.calls).toHaveLength(1)
        expect(ledger.saved).toMatchObject({ phase: 'idle', lastFrameAt: NOW })
      }
    )

    it.each(['card', 'entity'])('keeps nobody from the answer an hour after it was refused: %s', async (form) => {
      if (form === 'entity') lark.scopes = new Set(['cardkit:card:write'])
      lark.fail(isCard, larkError('forbidden'), { times: 1 })
      await show('Hel')
      clock.at = new Date(NOW.getTime() + 3_600_000)
      expect(await finish('Hello.')).toBe('delivered')
      expect(visible()).toEqual(['Hello.'])
    })

    it('stops when the lease is somebody else’s', async () => {
      ledger.lost = true
      await expect(show('Hel')).rejects.toThrow(LeaseLostError)
    })
  })

  describe('when Lark’s answer is lost', () => {
    it('shows the newest text although the first card was made without our knowing', async () => {
      lark.fail(isCard, larkError('unknown_outcome'), { times: 1, after: true })
      await show('', 'Working…')
      expect(await finish('Hello.')).toBe('delivered')
      expect(visible()).toEqual(['Hello.'])
    })

    it.each(['retry', 'slow_down'] as const)(
      'shows it although the change of that card fails at first: %s',
      async (code) => {
        lark.fail(isCard, larkError('unknown_outcome'), { times: 1, after: true })
        await show('Hel')
        lark.fail(({ name }) => name === 'patch', larkError(code), { times: 2 })
        expect(await finish('Hello.')).toBe('delivered')
        expect(visible()).toEqual(['Hello.'])
      }
    )

    it('is one new card where that card can not be changed', async () => {
      lark.fail(isCard, larkError('unknown_outcome'), { times: 1, after: true })
      await show('Hel')
      lark.fail(({ name }) => name === 'patch', larkError('forbidden'))
      expect(await finish('Hello.')).toBe('delivered')
      expect(visible()).toEqual(['Hello.'])
    })

    it('shows it after the process that made the card died', async () => {
      await show('Hel')
      ledger.saved = { ...ledger.saved!, current: newPart(), phase: 'idle', sendingSince: NOW }
      held = (await writer.hold({ turnId: TARGET.turnId, integrationId: 'i', chatId: 'oc_1' }))!
      expect(await finish('Hello.')).toBe('delivered')
      expect(visible()).toEqual(['Hello.'])
    })

    it('repeats the last frame until the answer is definite', async () => {
      await show('Hel')
      lark.fail(({ name }) => name === 'patch', larkError('retry'), { times: 3 })
      expect(await finish('Hello.')).toBe('delivered')
      expect(visible()).toEqual(['Hello.'])
    })
  })

  describe('when Lark refuses the card', () => {
    it('is a post, and text where that is refused too, once, however often it is tried', async () => {
      lark.fail(({ msgType }) => msgType === 'interactive' || msgType === 'post', larkError('step_down'))
      expect(await finish('Hello <at id=all></at>')).toBe('delivered')
      expect(visible()).toEqual(['Hello ＜at id=all>＜/at>'])
      expect(ledger.saved?.phase).toBe('complete')
    })

    it('repeats the text too', async () => {
      lark.fail(({ msgType }) => msgType === 'interactive' || msgType === 'post', larkError('step_down'))
      lark.fail(({ msgType }) => msgType === 'text', larkError('unknown_outcome'), { times: 2, after: true })
      expect(await finish('Hello')).toBe('delivered')
      expect(visible()).toEqual(['Hello'])
    })

    it.each<[LarkReaction, Delivery]>([
      ['forbidden', 'delivery_failed'],
      ['quota', 'quota_exhausted'],
      ['credentials', 'delivery_failed'],
      ['content_refused', 'content_refused']
    ])('tries no other form after %s', async (code, delivery) => {
      lark.fail(isCard, larkError(code))
      expect(await finish('Hello')).toBe(delivery)
      expect(ledger.saved?.text).toBe('Hello')
      expect(lark.names()).toEqual(['reply'])
      expect(ledger.saved?.phase).toBe('failed')
    })
  })

  describe('what Lark said', () => {
    const refusal = new LarkApiError('forbidden', { api: 'im.message.reply', larkCode: 230013, httpStatus: 400 })
    const outage = new LarkApiError('unknown_outcome', { api: 'im.message.reply', larkCode: 0, httpStatus: 502 })
    const outageFault = { reaction: 'unknown_outcome', api: 'im.message.reply', larkCode: 0, httpStatus: 502 }

    it('is kept with an answer that is given up, and logged with the ids of its message', async () => {
      const errors: string[] = []
      const spied = jest.spyOn(Logger.prototype, 'error').mockImplementation((line: string) => void errors.push(line))
      lark.fail(isCard, refusal)
      expect(await finish('Hello')).toBe('delivery_failed')
      spied.mockRestore()
      expect(ledger.saved?.fault).toEqual({
        reaction: 'forbidden',
        api: 'im.message.reply',
        larkCode: 230013,
        httpStatus: 400
      })
      expect(errors).toHaveLength(1)
      for (const fact of ['integration=i', 'message=om_person', 'turn=turn-1', 'execution=run-1', 'larkCode=230013'])
        expect(errors[0]).toContain(fact)
    })

    it('is known while Lark does not take the answer, without a write of its own, and gone once it does', async () => {
      lark.fail(isCard, outage, { times: 14 })
      await expect(finish('Hello')).rejects.toThrow(LarkApiError)
      expect(ledger.saved).toMatchObject({ phase: 'idle', fault: outageFault })
      expect(ledger.saves).toBe(2)
      await expect(finish('Hello')).rejects.toThrow(LarkApiError)
      expect(ledger.saves).toBe(3)
      expect(await finish('Hello')).toBe('delivered')
      expect(ledger.saved?.fault).toBeNull()
    })

    it('stays known where it is given up without a definite word', async () => {
      lark.fail(isCard, outage)
      await expect(finish('Hello')).rejects.toThrow(LarkApiError)
      ledger.saved = { ...ledger.saved!, sendingSince: new Date(NOW.getTime() - 3_600_000) }
      held = (await writer.hold({ turnId: TARGET.turnId, integrationId: 'i', chatId: 'oc_1' }))!
      expect(await finish('Hello')).toBe('delivery_unknown')
      expect(ledger.saved?.fault).toEqual(outageFault)
    })
  })

  describe('the sign that it was coming', () => {
    const isRemoval = ({ name }: LarkCall): boolean => name === 'removeReaction'

    beforeEach(() => {
      lark.reactions.add('reaction')
      ledger.reactionId = 'reaction'
    })

    it('goes once the answer is there, whose end does not wait for it', async () => {
      lark.fail(isRemoval, larkError('unknown_outcome'), { times: 2 })
      expect(await writer.finish(APP, TARGET, held, { markdown: 'Hello.' }, 'complete')).toBe('delivered')
      expect(ledger.saved).toMatchObject({ phase: 'complete', released: true })
      expect([...lark.reactions]).toEqual(['reaction'])
      await jest.runAllTimersAsync()
      expect([...lark.reactions]).toEqual([])
      expect(lark.names()).toEqual(['reply', 'removeReaction', 'removeReaction', 'removeReaction'])
    })

    it('goes, too, where nothing was shown and nothing will be', async () => {
      lark.fail(isRemoval, larkError('unknown_outcome'), { times: 1 })
      await writer.withdraw(APP, TARGET, held)
      expect(ledger.saved).toMatchObject({ phase: 'stopped', released: true })
      await jest.runAllTimersAsync()
      expect([...lark.reactions]).toEqual([])
    })
  })

  describe('a second end', () => {
    it('shows nothing again', async () => {
      await finish('Hello')
      expect(await finish('Hello')).toBe('delivered')
      expect(lark.calls).toHaveLength(1)
    })

    it('still says that the person was not reached', async () => {
      lark.fail(isCard, larkError('forbidden'))
      expect(await finish('Hello')).toBe('delivery_failed')
      expect(await finish('Hello')).toBe('delivery_failed')
    })
  })

  it('goes on in further cards where the answer is too long for one, in order, the note at the very end', async () => {
    const lines = Array.from({ length: 500 }, (_, index) => `line ${index} ${'x'.repeat(90)}`)
    expect(await finish(lines.join('\n'), 'stopped', 'Stopped.')).toBe('delivered')
    const cards = visible()
    expect(cards.length).toBeGreaterThan(2)
    expect(cards.join('\n')).toBe(`${lines.join('\n')}\n--\nStopped.`)
    expect(await finish(lines.join('\n'), 'stopped', 'Stopped.')).toBe('delivered')
    expect(lark.shown.size).toBe(cards.length)
  })
  describe('an answer of several cards that starts over', () => {
    const long = Array.from({ length: 500 }, (_, index) => `line ${index} ${'x'.repeat(90)}`).join('\n')
    const settled = async (work: Promise<void>) => {
      await Promise.all([work, jest.runAllTimersAsync()])
    }

    it('takes the superfluous ones back, and makes new messages as it grows again', async () => {
      await settled(show(long))
      const count = lark.shown.size
      expect(count).toBeGreaterThan(2)
      await settled(show('short'))
      expect(visible()).toEqual(['short'])
      expect(await finish(long)).toBe('delivered')
      expect(lark.shown.size).toBe(count)
      expect(visible().join('\n')).toBe(long)
    })

    it('goes on after the process died that took one back', async () => {
      await settled(show(long))
      await settled(show('short'))
      held = (await writer.hold({ turnId: TARGET.turnId, integrationId: 'i', chatId: 'oc_1' }))!
      expect(await finish(long)).toBe('delivered')
      expect(visible().join('\n')).toBe(long)
    })

    it('takes one back, too, of which Lark has not said that it is there', async () => {
      let isSilent = true
      const isSecond = ({ name }: LarkCall): boolean => isSilent && name === 'reply' && lark.shown.size > 0
      lark.fail(isSecond, larkError('unknown_outcome'), { after: true })
      await settled(show(long))
      expect(lark.shown.size).toBe(2)
      isSilent = false
      await settled(show('short'))
      expect(visible()).toEqual(['short'])
    })

    it('does not leave one behind whose recall Lark did not answer', async () => {
      await settled(show(long))
      lark.fail(({ name }) => name === 'recall', larkError('unknown_outcome'), { times: 1 })
      await settled(show('short'))
      expect(await finish(long)).toBe('delivered')
      expect(visible().join('\n')).toBe(long)
    })

    it('is whole at the end, too, where Lark never says that a message is gone', async () => {
      await settled(show(long))
      lark.fail(({ name }) => name === 'recall', larkError('unknown_outcome'))
      expect(await finish('short')).toBe('delivered')
      expect(visible()[0]).toBe('short')
    })

    it.each([230011, 230031])('is whole where its first card can not be changed any more: %i', async (larkCode) => {
      await show('line')
      lark.fail(isPatchOf('om_1'), refused(larkCode))
      if (larkCode === 230011) lark.shown.delete('om_1')
      expect(await finish(long)).toBe('delivered')
      expect(visible().join('\n')).toBe(long)
      expect(ledger.saved).toMatchObject({ phase: 'complete', text: null })
    })

    it('is whole, too, where its first card is refused while it grows beyond it', async () => {
      await show('line')
      lark.fail(isPatchOf('om_1'), refused(230031))
      await settled(show(long))
      expect(visible().join('\n')).toContain('line 499')
      expect(await finish(long)).toBe('delivered')
      expect(visible().join('\n')).toBe(long)
    })

    it('sends nothing again that is shown whole', async () => {
      await settled(show(long))
      const before = [...lark.shown.keys()]
      lark.fail(({ name }) => name === 'patch', refused(230031))
      expect(await finish(`${long}.`)).toBe('delivered')
      expect([...lark.shown.keys()].slice(0, before.length - 1)).toEqual(before.slice(0, -1))
      expect(visible().join('\n')).toBe(`${long}.`)
    })

    it('is whole and in order where a full card can not be changed to what it says by now', async () => {
      await settled(show(long))
      lark.fail(isPatchOf('om_1'), refused(230031))
      const changed = long.replace('line 0 ', 'Line 0 ')
      expect(await finish(changed)).toBe('delivered')
      expect(visible().join('\n')).toBe(changed)
      expect(ledger.saved?.phase).toBe('complete')
    })

    it('says why it is not whole where Lark would refuse another card too', async () => {
      await show('line')
      lark.fail(isPatchOf('om_1'), larkError('quota'))
      expect(await finish(long)).toBe('quota_exhausted')
      expect(lark.names()).toEqual(['reply', 'patch'])
    })

    it('replaces a card that can not be changed more than once', async () => {
      lark.fail(({ name }) => name === 'patch', larkError('forbidden'))
      await show('one')
      await finish('two', 'failed')
      held.phase = 'streaming'
      held.released = false
      expect(await finish('three')).toBe('delivered')
      expect(visible()).toEqual(['three'])
    })
  })
})
