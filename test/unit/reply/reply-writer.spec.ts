import { LarkApp, LarkReaction } from '../../../src/lark'
import { HeldReply, ReplyLedger } from '../../../src/reply/reply-ledger.repository'
import { ReplyTarget, ReplyWriter } from '../../../src/reply/reply-writer'
import { LeaseLostError } from '../../../src/shared'
import { FixedClock } from '../../support/conversation-parts'
import { FakeLark, LarkCall, larkError } from '../../support/fake-lark'

const NOW = new Date('2026-03-01T10:00:00Z')
const APP: LarkApp = { appId: 'cli_1', appSecret: 's', region: 'feishu' }
const TARGET: ReplyTarget = {
  turnId: 'turn-1',
  integrationId: 'i',
  chatId: 'oc_1',
  anchorMessageId: 'om_person',
  inThread: false
}

/** The ledger without its table: remembers what was written last. */
class MemoryLedger extends ReplyLedger {
  saved: HeldReply | undefined
  lost = false

  constructor() {
    super(undefined as never)
  }

  override async acquire(): Promise<HeldReply> {
    const fresh = {
      turnId: TARGET.turnId,
      flushToken: 'token',
      phase: 'idle' as const,
      messageId: null,
      lastFrameAt: null
    }
    return {
      ...fresh,
      maybeSent: this.saved !== undefined && this.saved.messageId === null,
      ...(this.saved ? { ...this.saved } : {})
    }
  }

  override async save(reply: HeldReply): Promise<void> {
    if (this.lost) throw new LeaseLostError('reply lease')
    this.saved = { ...reply }
  }
}

const isCard = ({ name, msgType }: LarkCall): boolean => name === 'patch' || msgType === 'interactive'
const markdownOf = (content: Record<string, unknown>): string =>
  'text' in content
    ? (content['text'] as string)
    : (content['body'] as { elements: { content: string }[] }).elements.map((element) => element.content).join('\n--\n')

describe('ReplyWriter', () => {
  let lark: FakeLark
  let ledger: MemoryLedger
  let writer: ReplyWriter
  let held: HeldReply

  beforeEach(async () => {
    jest.useFakeTimers()
    lark = new FakeLark()
    ledger = new MemoryLedger()
    writer = new ReplyWriter(lark, ledger, new FixedClock(NOW))
    held = (await writer.hold({ turnId: TARGET.turnId, integrationId: 'i', chatId: 'oc_1' }))!
  })

  afterEach(() => jest.useRealTimers())

  const show = (markdown: string, note?: string): Promise<void> => writer.show(APP, TARGET, held, { markdown, note })
  const finish = async (
    markdown: string,
    phase: 'complete' | 'failed' | 'stopped' = 'complete',
    note?: string
  ): Promise<boolean> => {
    const done = writer.finish(APP, TARGET, held, { markdown, note }, phase)
    await Promise.all([done.catch(() => undefined), jest.runAllTimersAsync()])
    return done
  }
  const visible = (): string[] => [...lark.shown.values()].map(markdownOf)

  it('replies once and lets the same card grow to its end', async () => {
    await show('', 'Working…')
    await show('Hel')
    expect(await finish('Hello.')).toBe(true)
    expect(lark.names()).toEqual(['reply', 'patch', 'patch'])
    expect(visible()).toEqual(['Hello.'])
    expect(ledger.saved).toMatchObject({ phase: 'complete', messageId: 'om_1', lastFrameAt: NOW })
  })

  it('is one reply where the answer was quick', async () => {
    expect(await finish('Hello.')).toBe(true)
    expect(lark.names()).toEqual(['reply'])
  })

  it.each([
    ['complete', 'complete'],
    ['failed', 'failed'],
    ['stopped', 'stopped']
  ] as const)('ends %s', async (phase, saved) => {
    expect(await finish('Hel', phase, 'Why it ended')).toBe(true)
    expect(ledger.saved?.phase).toBe(saved)
    expect(visible()).toEqual(['Hel\n--\nWhy it ended'])
  })

  describe('a frame on the way', () => {
    it.each<LarkReaction>(['retry', 'unknown_outcome', 'slow_down', 'drop_frame', 'step_down', 'forbidden'])(
      'is dropped, not repeated, after %s',
      async (code) => {
        lark.fail(isCard, larkError(code), { times: 1 })
        await show('Hel')
        expect(lark.calls).toHaveLength(1)
        expect(ledger.saved).toMatchObject({ phase: 'idle', lastFrameAt: NOW })
      }
    )

    it('stops when the lease is somebody else’s', async () => {
      ledger.lost = true
      await expect(show('Hel')).rejects.toThrow(LeaseLostError)
    })
  })

  describe('when Lark’s answer is lost', () => {
    it('shows the newest text although the first card was made without our knowing', async () => {
      lark.fail(isCard, larkError('unknown_outcome'), { times: 1, after: true })
      await show('', 'Working…')
      expect(await finish('Hello.')).toBe(true)
      expect(visible()).toEqual(['Hello.'])
    })

    it('shows it after the process that made the card died', async () => {
      await show('Hel')
      ledger.saved = { ...ledger.saved!, messageId: null, phase: 'idle' }
      held = (await writer.hold({ turnId: TARGET.turnId, integrationId: 'i', chatId: 'oc_1' }))!
      expect(await finish('Hello.')).toBe(true)
      expect(visible()).toEqual(['Hello.'])
    })

    it('repeats the last frame until the answer is definite', async () => {
      await show('Hel')
      lark.fail(({ name }) => name === 'patch', larkError('retry'), { times: 3 })
      expect(await finish('Hello.')).toBe(true)
      expect(visible()).toEqual(['Hello.'])
    })
  })

  describe('when Lark refuses the card', () => {
    it('is text, once, however often it is tried', async () => {
      lark.fail(isCard, larkError('step_down'))
      expect(await finish('Hello <at id=all></at>')).toBe(true)
      expect(visible()).toEqual(['Hello &#60;at id=all>&#60;/at>'])
      expect(ledger.saved?.phase).toBe('complete')
    })

    it('repeats the text too', async () => {
      lark.fail(isCard, larkError('step_down'))
      lark.fail(({ msgType }) => msgType === 'text', larkError('unknown_outcome'), { times: 2, after: true })
      expect(await finish('Hello')).toBe(true)
      expect(visible()).toEqual(['Hello'])
    })

    it.each<LarkReaction>(['forbidden', 'quota', 'credentials', 'content_refused'])(
      'tries no other form after %s',
      async (code) => {
        lark.fail(isCard, larkError(code))
        expect(await finish('Hello')).toBe(false)
        expect(lark.names()).toEqual(['reply'])
        expect(ledger.saved?.phase).toBe('failed')
      }
    )
  })

  describe('a second end', () => {
    it('shows nothing again', async () => {
      await finish('Hello')
      expect(await finish('Hello')).toBe(true)
      expect(lark.calls).toHaveLength(1)
    })

    it('still says that the person was not reached', async () => {
      lark.fail(isCard, larkError('forbidden'))
      expect(await finish('Hello')).toBe(false)
      expect(await finish('Hello')).toBe(false)
    })
  })

  it('goes on in further cards where the answer is too long for one, in order, the note at the very end', async () => {
    const lines = Array.from({ length: 500 }, (_, index) => `line ${index} ${'x'.repeat(90)}`)
    expect(await finish(lines.join('\n'), 'stopped', 'Stopped.')).toBe(true)
    const cards = visible()
    expect(cards.length).toBeGreaterThan(2)
    expect(cards.join('\n')).toBe(`${lines.join('\n')}\n--\nStopped.`)
    expect(await finish(lines.join('\n'), 'stopped', 'Stopped.')).toBe(true)
    expect(lark.shown.size).toBe(cards.length)
  })
})
