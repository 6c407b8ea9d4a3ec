import { isRepeatable, repeatUntilDefinite, replyOnce, ReplyTarget } from '../../../src/reply/delivery'
import { LarkReaction } from '../../../src/lark'
import { FakeLark, larkError } from '../../support/fake-lark'

const TARGET: ReplyTarget = {
  turnId: 'turn-1',
  integrationId: 'i',
  chatId: 'oc_1',
  anchorMessageId: 'om_person',
  inThread: true
}
const TEXT = { msgType: 'text' as const, content: { text: 'hello' } }

describe('replyOnce', () => {
  it('answers the person’s message in its thread', async () => {
    const lark = new FakeLark()
    await replyOnce(lark, TARGET, 'card', TEXT)
    expect(lark.calls).toEqual([
      expect.objectContaining({ name: 'reply', messageId: 'om_person', replyInThread: true, ...TEXT })
    ])
  })

  it('makes one message of the same purpose, and another of another', async () => {
    const lark = new FakeLark()
    for (const purpose of ['card', 'card', 'part-2', 'card']) await replyOnce(lark, TARGET, purpose, TEXT)
    expect(lark.shown.size).toBe(2)
  })

  it('keeps turns apart, and its uuid within Lark’s 50 characters', async () => {
    const lark = new FakeLark()
    await replyOnce(lark, TARGET, 'card', TEXT)
    await replyOnce(lark, { ...TARGET, turnId: 'turn-2' }, 'card', TEXT)
    expect(lark.shown.size).toBe(2)
    for (const { uuid } of lark.calls) expect(uuid!.length).toBeLessThanOrEqual(50)
  })

  it.each<LarkReaction>(['target_gone', 'topic_gone'])(
    'goes to the chat when the message is gone (%s), once',
    async (code) => {
      const lark = new FakeLark()
      lark.fail(({ name }) => name === 'reply', larkError(code))
      await replyOnce(lark, TARGET, 'card', TEXT)
      await replyOnce(lark, TARGET, 'card', TEXT)
      expect(lark.calls.filter(({ name }) => name === 'send')).toEqual([
        expect.objectContaining({ receiveIdType: 'chat_id', receiveId: 'oc_1' }),
        expect.anything()
      ])
      expect(lark.shown.size).toBe(1)
    }
  )

  it.each<[LarkReaction, string | undefined, object]>([
    ['no_topics', undefined, { messageId: 'om_person', replyInThread: false }],
    ['target_gone', 'om_root', { messageId: 'om_root', replyInThread: true }]
  ])('does not leave the thread after %s where another reply is possible', async (code, rootMessageId, reply) => {
    const lark = new FakeLark()
    lark.fail(({ name }) => name === 'reply', larkError(code), { times: 1 })
    await replyOnce(lark, { ...TARGET, ...(rootMessageId ? { rootMessageId } : {}) }, 'card', TEXT)
    expect(lark.calls.at(-1)).toMatchObject({ name: 'reply', ...reply })
    expect(lark.shown.size).toBe(1)
  })

  it('goes to the chat where the thread’s first message is gone too', async () => {
    const lark = new FakeLark()
    lark.fail(({ name }) => name === 'reply', larkError('target_gone'))
    await replyOnce(lark, { ...TARGET, rootMessageId: 'om_root' }, 'card', TEXT)
    expect(lark.names()).toEqual(['reply', 'reply', 'send'])
  })

  it('passes every other refusal on', async () => {
    const lark = new FakeLark()
    lark.fail(() => true, larkError('forbidden'))
    await expect(replyOnce(lark, TARGET, 'card', TEXT)).rejects.toMatchObject({ code: 'forbidden' })
    expect(lark.names()).toEqual(['reply'])
  })
})

describe('repeatUntilDefinite', () => {
  beforeEach(() => jest.useFakeTimers())
  afterEach(() => jest.useRealTimers())

  const failing = (times: number, error: unknown) => {
    let calls = 0
    return {
      calls: () => calls,
      call: async (): Promise<string> => {
        calls += 1
        if (calls <= times) throw error
        return 'done'
      }
    }
  }
  const whatBecomesOf = async (work: Promise<unknown>): Promise<unknown> => {
    const result = work.catch((error: unknown) => error)
    await jest.runAllTimersAsync()
    return result
  }

  it.each<LarkReaction>(['retry', 'unknown_outcome', 'slow_down', 'drop_frame'])('repeats after %s', async (code) => {
    const { call, calls } = failing(3, larkError(code))
    expect(await whatBecomesOf(repeatUntilDefinite(call))).toBe('done')
    expect(calls()).toBe(4)
  })

  it.each<LarkReaction>([
    'step_down',
    'too_long',
    'content_refused',
    'forbidden',
    'quota',
    'credentials',
    'target_gone',
    'invalid_request'
  ])('takes %s for an answer', async (code) => {
    const { call, calls } = failing(1, larkError(code))
    expect(await whatBecomesOf(repeatUntilDefinite(call))).toMatchObject({ code })
    expect(calls()).toBe(1)
  })

  it('gives up after a while, with the last error', async () => {
    const { call, calls } = failing(Infinity, larkError('unknown_outcome'))
    expect(await whatBecomesOf(repeatUntilDefinite(call))).toMatchObject({ code: 'unknown_outcome' })
    expect(calls()).toBe(7)
  })

  it('repeats nothing that is no answer of Lark', () => {
    expect(isRepeatable(new Error('bug'))).toBe(false)
  })
})
