import { LarkApp, LarkReaction } from '../../../src/lark'
import { ReplyTarget } from '../../../src/reply/reply-writer'
import { ReplyPhase } from '../../../src/reply/reply-phase'
import { FixedClock } from '../../support/conversation-parts'
import { larkError } from '../../support/fake-lark'
import { replyParts } from '../../support/reply-parts'

const NOW = new Date('2026-03-01T10:00:00Z')
const APP: LarkApp = { appId: 'cli_1', appSecret: 's', region: 'feishu' }
const TARGET: ReplyTarget = {
  turnId: 'turn-1',
  integrationId: 'i',
  chatId: 'oc_1',
  anchorMessageId: 'om_person',
  inThread: false
}

describe('TypingSign', () => {
  let parts: ReturnType<typeof replyParts>

  beforeEach(() => {
    parts = replyParts(new FixedClock(NOW))
  })

  const show = (kind?: 'waiting' | 'typing', sentAt: Date | null = NOW) => parts.sign.show(APP, TARGET, sentAt, kind)
  const visible = (): string[] => [...parts.lark.reactions]
  const isIn = async (phase: ReplyPhase): Promise<void> => {
    await parts.ledger.save({ ...(await parts.ledger.acquire(TARGET)), phase })
  }

  it('is a reaction on the person’s message that the ledger remembers', async () => {
    await show()
    expect(parts.lark.calls).toMatchObject([{ name: 'addReaction', messageId: 'om_person' }])
    expect(visible()).toEqual([parts.ledger.reactionId])
  })

  it('takes the place of the sign that the message waits', async () => {
    parts.lark.reactions.add('waiting since')
    parts.ledger.reactionId = 'waiting since'
    await show()
    expect(visible()).toEqual(['reaction'])
    expect(parts.ledger.reactionId).toBe('reaction')
  })

  it('stays where Lark answers with the reaction that is there already', async () => {
    await show()
    await show()
    expect(visible()).toEqual(['reaction'])
    expect(parts.lark.names()).toEqual(['addReaction', 'addReaction'])
  })

  it.each<[ReplyPhase, string[]]>([
    ['streaming', ['reaction']],
    ['complete', []],
    ['failed', []],
    ['stopped', []]
  ])('beside an answer that is %s by then leaves %j', async (phase, left) => {
    await isIn(phase)
    await show()
    expect(visible()).toEqual(left)
  })

  it('is not shown on a message that came late', async () => {
    await show('typing', new Date(NOW.getTime() - 2 * 60_000 - 1))
    expect(parts.lark.calls).toEqual([])
  })

  it.each<[LarkReaction | 'gone', string | null]>([
    ['gone', null],
    ['target_gone', null],
    ['forbidden', null],
    ['unknown_outcome', 'reaction']
  ])('is in the ledger until Lark has given a definite word about its removal: %s', async (code, left) => {
    jest.useFakeTimers()
    parts.ledger.reactionId = 'reaction'
    if (code !== 'gone') parts.lark.fail(() => true, larkError(code))
    await Promise.all([parts.sign.remove(APP, TARGET, 'reaction'), jest.runAllTimersAsync()])
    jest.useRealTimers()
    expect(parts.ledger.reactionId).toBe('reaction')
    await parts.sign.writeOff()
    expect(parts.ledger.reactionId).toBe(left)
  })

  it('is removed once, however many ask for it before the ledger knows that it is gone', async () => {
    parts.ledger.reactionId = 'reaction'
    const remove = () => parts.sign.remove(APP, TARGET, 'reaction')
    await Promise.all([remove(), remove()])
    await remove()
    expect(parts.lark.names()).toEqual(['removeReaction'])
  })

  it('never throws, whatever Lark says', async () => {
    parts.lark.fail(() => true, larkError('forbidden'))
    await expect(show()).resolves.toBeUndefined()
    await expect(parts.sign.remove(APP, TARGET, 'reaction')).resolves.toBeUndefined()
    expect(parts.lark.names()).toEqual(['addReaction', 'removeReaction'])
  })
})
