import { LarkApp, LarkReaction } from '../../../src/lark'
import { FileMessages, HeldReply } from '../../../src/reply'
import { LeaseLostError } from '../../../src/shared'
import { FixedClock } from '../../support/conversation-parts'
import { FakeLark, LarkCall, larkError } from '../../support/fake-lark'
import { MemoryLedger } from '../../support/reply-parts'

const NOW = new Date('2026-03-01T10:00:00Z')
const APP = {} as LarkApp
const TARGET = { turnId: 'turn-1', integrationId: 'i', chatId: 'oc_1', anchorMessageId: 'om_person', inThread: false }
const MINUTE = 60_000

describe('the files behind an answer', () => {
  let lark: FakeLark
  let ledger: MemoryLedger
  let clock: FixedClock
  let messages: FileMessages
  let held: HeldReply

  beforeEach(async () => {
    jest.useFakeTimers()
    lark = new FakeLark()
    ledger = new MemoryLedger()
    clock = new FixedClock(NOW)
    messages = new FileMessages(lark, ledger, clock)
    held = await ledger.acquire({ turnId: TARGET.turnId, integrationId: 'i', chatId: 'oc_1' })
    Object.assign(held, { phase: 'complete', lastFrameAt: NOW })
  })

  afterEach(() => jest.useRealTimers())

  const send = async (names: readonly string[], language: 'en-US' | 'zh-Hans' = 'en-US'): Promise<void> => {
    const files = names.map((name, place) => ({ place, fileKey: `key of ${name}`, name }))
    const behind = { attempt: 'attempt', files, lost: [], isStopRequested: false, language }
    const sent = messages.send(APP, TARGET, held, behind)
    await Promise.all([sent.catch(() => undefined), jest.runAllTimersAsync()])
    return sent
  }
  const isFile = (name: string) => (call: LarkCall) => call.content['file_key'] === `key of ${name}`
  const isText = ({ msgType }: LarkCall) => msgType === 'text'
  const shown = () => [...lark.shown.values()]
  const file = (name: string) => ({ file_key: `key of ${name}` })

  it('are one message each, however often they are sent', async () => {
    await send(['a.pdf', 'b.pdf'])
    await send(['a.pdf', 'b.pdf'])
    expect(shown()).toEqual([file('a.pdf'), file('b.pdf')])
  })

  it.each<LarkReaction>(['retry', 'unknown_outcome', 'slow_down'])(
    'are sent again, each once, where Lark gave no definite word: %s',
    async (code) => {
      lark.fail(isFile('a.pdf'), larkError(code), { times: 7, after: code === 'unknown_outcome' })
      await expect(send(['a.pdf', 'b.pdf'])).rejects.toMatchObject({ code })
      expect(ledger.saved?.fault).toMatchObject({ reaction: code })
      await send(['a.pdf', 'b.pdf'])
      expect(shown()).toHaveLength(2)
      expect(shown()).toEqual(expect.arrayContaining([file('a.pdf'), file('b.pdf')]))
    }
  )

  it('are tried once each where Lark gives no definite word of the first', async () => {
    lark.fail(() => true, larkError('retry'))
    await expect(send(['a.pdf', 'b.pdf', 'c.pdf'])).rejects.toMatchObject({ code: 'retry' })
    expect(lark.calls).toHaveLength(9)
  })

  it('are said to be missing where Lark refuses them', async () => {
    lark.fail(isFile('b.pdf'), larkError('forbidden'))
    lark.fail(isFile('d.pdf'), larkError('invalid_request'))
    const files = ['a.pdf', 'b.pdf', 'c.pdf', 'd.pdf']
    await send(files, 'zh-Hans')
    await send(files, 'zh-Hans')
    const text = '（b.pdf 无法在此发送。）\n（d.pdf 无法在此发送。）'
    expect(shown()).toEqual([file('a.pdf'), file('c.pdf'), { text }])
  })

  it('ping nobody by their names', async () => {
    lark.fail(isFile('<at id=all>'), larkError('forbidden'))
    await send(['<at id=all>'])
    expect(shown()).toEqual([{ text: '(＜at id=all> could not be sent here.)' }])
  })

  it('are said to be missing after ten minutes without a definite word', async () => {
    lark.fail(isFile('a.pdf'), larkError('retry'))
    clock.at = new Date(NOW.getTime() + 9 * MINUTE)
    await expect(send(['a.pdf'])).rejects.toMatchObject({ code: 'retry' })
    clock.at = new Date(NOW.getTime() + 10 * MINUTE)
    await send(['a.pdf'])
    expect(shown()).toEqual([{ text: '(a.pdf could not be sent here.)' }])
  })

  it('are sent when Lark is back after a longer while, and are not given up unsaid', async () => {
    lark.fail(() => true, larkError('retry'), { times: 14 })
    clock.at = new Date(NOW.getTime() + 54 * MINUTE)
    await expect(send(['a.pdf'])).rejects.toMatchObject({ code: 'retry' })
    await send(['a.pdf'])
    expect(shown()).toEqual([file('a.pdf')])
  })

  it('are not sent again when Lark has forgotten their uuid', async () => {
    clock.at = new Date(NOW.getTime() + 55 * MINUTE)
    await send(['a.pdf'])
    expect(lark.calls).toEqual([])
  })

  it('let no question wait for them', async () => {
    held.phase = 'waiting'
    lark.fail(isFile('a.pdf'), larkError('retry'))
    await send(['a.pdf'])
    expect(shown()).toEqual([{ text: '(a.pdf could not be sent here.)' }])
    lark.fail(isText, larkError('retry'))
    await send(['a.pdf'])
  })

  it('end with the answer where nobody can be told', async () => {
    lark.fail(() => true, larkError('forbidden'))
    await send(['a.pdf'])
    expect(shown()).toEqual([])
  })

  it('are sent only by who holds the answer', async () => {
    held.isLost = true
    await expect(send(['a.pdf'])).rejects.toThrow(LeaseLostError)
    expect(lark.calls).toEqual([])
  })
})
