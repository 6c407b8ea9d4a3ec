import { AnswerFiles } from '../../../../src/conversation/answer-files/answer-files'
import { ShownAnswers } from '../../../../src/conversation/answer-files/shown-answers'
import { RunningTurn } from '../../../../src/conversation/turn-row'
import { HostFiles } from '../../../../src/host'
import { FileMessages, HeldReply } from '../../../../src/reply'
import { PDF } from '../../../support/bytes'
import { FakeHost, FixedClock } from '../../../support/conversation-parts'
import { LarkCall, larkError } from '../../../support/fake-lark'
import { larkIntegration } from '../../../support/lark-integration'
import { FakeContents } from '../../../support/question-parts'
import { replyParts } from '../../../support/reply-parts'

const NOW = new Date('2026-03-01T10:00:00Z')
const OWNER = { turnId: 'turn', integrationId: 'i', chatId: 'oc_1' }
const TARGET = { ...OWNER, anchorMessageId: 'om_person', inThread: false }
const { settings: APP } = larkIntegration()
const TURN = { ...OWNER, id: 'turn', attempt: 'attempt', anchorMessageId: 'om_person', stopReason: null }
const ONE = '[a.pdf](/workspace/a.pdf)'
const TWO = `${ONE} and [b.pdf](/workspace/b.pdf)`
const A_IS_MISSING = '(a.pdf could not be sent here.)'

describe('an answer with files behind it', () => {
  let parts: ReturnType<typeof replyParts>
  let contents: FakeContents
  /** Paths of the workspace that can not be read. */
  let unread: Set<string>
  let shown: ShownAnswers
  let held: HeldReply

  const anotherProcess = (): void => {
    const host = new HostFiles(new FakeHost())
    host.read = async (_scope, path) => {
      if (unread.has(path)) throw new Error('it is gone')
      return PDF
    }
    const messages = new FileMessages(parts.lark, parts.ledger, new FixedClock(NOW))
    shown = new ShownAnswers(parts.writer, new AnswerFiles(contents, host, undefined as never), messages)
  }

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance'] })
    parts = replyParts(new FixedClock(NOW))
    contents = new FakeContents()
    unread = new Set()
    anotherProcess()
  })

  afterEach(() => jest.useRealTimers())

  const settled = async <T>(work: Promise<T>): Promise<T> => {
    let isOver = false
    const noteOver = (): void => void (isOver = true)
    work.then(noteOver, noteOver)
    while (!isOver) {
      await jest.runAllTimersAsync()
      await new Promise(setImmediate)
    }
    return work
  }
  const look = async (markdown: string, { isLastTry = false, stopReason = null as string | null } = {}) => {
    held = (await parts.writer.hold(OWNER))!
    const turn = { ...TURN, stopReason } as unknown as RunningTurn
    const frame = { markdown }
    const integration = larkIntegration()
    return settled(shown.finish({ turn, integration, held, frame, phase: 'complete', language: 'en-US', isLastTry }))
  }
  const isFile = ({ content }: LarkCall): boolean => 'file_key' in content
  const messages = () => [...parts.lark.shown.values()]
  const filesSent = () => messages().flatMap(({ file_key }) => (file_key ? [file_key] : []))
  const notices = () => messages().flatMap(({ text }) => (text ? [text] : []))
  const answer = () => JSON.stringify(messages()[0])

  it('sends each once, where Lark has the first of them only at the next look', async () => {
    unread.add('a.pdf')
    parts.lark.fail(isFile, larkError('unknown_outcome'), { times: 7, after: true })
    await expect(look(TWO)).rejects.toMatchObject({ code: 'unknown_outcome' })
    unread.clear()
    await look(TWO)
    expect(contents.uploads.map(({ name }) => name)).toEqual(['b.pdf', 'a.pdf'])
    expect(filesSent()).toEqual(['file_1', 'file_2'])
  })

  it('says which it announced and can not send, where the next look can not read it', async () => {
    parts.lark.fail(isFile, larkError('unknown_outcome'), { times: 7 })
    await expect(look(ONE)).rejects.toMatchObject({ code: 'unknown_outcome' })
    anotherProcess()
    unread.add('a.pdf')
    await look(ONE)
    expect(notices()).toEqual([A_IS_MISSING])
  })

  it('says once which it can not send: in its text, where that was not shown yet', async () => {
    unread.add('a.pdf')
    parts.lark.fail(isFile, larkError('retry'), { times: 7 })
    await expect(look(TWO)).rejects.toMatchObject({ code: 'retry' })
    anotherProcess()
    await look(TWO)
    expect(answer()).toContain(A_IS_MISSING)
    expect(filesSent()).toHaveLength(1)
    expect(notices()).toEqual([])
  })

  it('waits for Lark, which does not take at the next look what it had taken', async () => {
    parts.lark.fail(isFile, larkError('unknown_outcome'), { times: 7 })
    await expect(look(ONE)).rejects.toMatchObject({ code: 'unknown_outcome' })
    anotherProcess()
    contents.refusal = larkError('slow_down')
    await expect(look(ONE)).rejects.toMatchObject({ code: 'slow_down' })
    expect(parts.ledger.saved?.fault).toMatchObject({ reaction: 'slow_down' })
    contents.refusal = undefined
    await look(ONE)
    expect(filesSent()).toHaveLength(1)
    expect(notices()).toEqual([])
  })

  it('lets the next question wait no longer where somebody asks to stop it', async () => {
    parts.lark.fail(isFile, larkError('retry'))
    await expect(look(ONE)).rejects.toMatchObject({ code: 'retry' })
    await look(ONE, { stopReason: 'stopped' })
    expect(notices()).toEqual([A_IS_MISSING])
  })

  it('says of each that it does not come, where its card may show the end only after the turn', async () => {
    held = (await parts.writer.hold(OWNER))!
    await parts.writer.show(APP, TARGET, held, { markdown: 'a.pdf' })
    parts.lark.fail(({ name }) => name === 'patch', larkError('unknown_outcome'), { times: 7 })
    expect(await look(TWO, { isLastTry: true })).toMatchObject({ delivery: 'delivery_unknown' })
    held = (await parts.writer.hold(OWNER))!
    await settled(parts.writer.conclude(APP, TARGET, held))
    expect(answer()).toContain(`a.pdf and b.pdf\\n\\n${A_IS_MISSING}\\n(b.pdf could not be sent here.)`)
    expect(filesSent()).toEqual([])
  })
})
