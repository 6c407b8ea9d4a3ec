import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as ts from 'typescript'
import { OUTCOME_STEPS, OUTCOME_TEXTS } from '../../../src/i18n'
import { INBOX_STATES } from '../../../src/inbox/inbox-state'
import { LarkApiError, LarkFault, LarkReaction } from '../../../src/lark'
import { LARK_ERROR_CODES } from '../../../src/lark/lark-error-codes'
import { isRepeatable } from '../../../src/reply'
import { outcomeOf, tookOf } from '../../../src/views/outcome'

const ROOMS = ['conversation', 'inbox', 'reply', 'trigger']

/** Words of these rooms that look like a code and are none: settings, states, error codes that no row gets. */
const NO_OUTCOMES: ReadonlySet<string> = new Set([
  ...['all_chats', 'all_users', 'all_messages', 'mention_only', 'selected_chats', 'selected_users'],
  ...['chat_id', 'plain_text', 'column_set', 'delivered'],
  ...LARK_ERROR_CODES.map(({ reaction }) => reaction),
  // What an admin's wish may be answered with; nothing of it is written.
  ...['not_failed', 'not_kept', 'was_closed'],
  // An attempt fails with it, and is made again.
  'integration_unavailable',
  // What a click may be answered with, the kind of our buttons, and the scopes of sessions.
  ...['not_yours', 'approvers_only', 'not_allowed', 'not_open', 'xpert_answer', 'session_id', 'chat_and_sender'],
  // Why a file of a message is missing.
  ...[
    'too_large',
    'too_large_for_host',
    'too_many',
    'group_permission',
    'not_downloadable',
    'host_refused',
    'no_workspace'
  ],
  ...['plugin_lark_trigger_binding', 'integration_id', 'xpert_id', 'turn_id']
])

const CODE = /^[a-z]+(_[a-z]+)+$/

/** What a node holds that may end up as a reason: any word with an underscore, and whatever is called a reason. */
const isCompared = ({ parent }: ts.Node): boolean =>
  ts.isCaseClause(parent) ||
  (ts.isBinaryExpression(parent) && parent.operatorToken.kind !== ts.SyntaxKind.QuestionQuestionToken) ||
  (ts.isArrayLiteralExpression(parent) && ts.isPropertyAccessExpression(parent.parent))

const codesIn = (file: string): string[] => {
  const found: string[] = []
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const isReason = (node: ts.Node): boolean => {
    const parent = node.parent
    if (ts.isPropertyAssignment(parent)) return parent.name.getText() === 'reason'
    if (ts.isConditionalExpression(parent)) return isReason(parent)
    if (ts.isVariableDeclaration(parent)) return /reason/i.test(parent.name.getText())
    if (ts.isLiteralTypeNode(parent) || ts.isUnionTypeNode(parent)) return isReason(parent)
    return ts.isTypeAliasDeclaration(parent) && /(Reason|Delivery)$/.test(parent.name.text)
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return
    if (
      ts.isStringLiteral(node) &&
      !isCompared(node) &&
      /^[a-z_]+$/.test(node.text) &&
      (CODE.test(node.text) || isReason(node))
    )
      found.push(node.text)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

const src = join(__dirname, '..', '..', '..', 'src')
const written = new Set(
  ROOMS.flatMap((room) =>
    readdirSync(join(src, room), { recursive: true })
      .map(String)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.entity.ts'))
      .flatMap((file) => codesIn(join(src, room, file)))
  )
)

describe('the outcome of a message', () => {
  it('has a sentence for every code that a room writes; a new word is one, or is named above as none', () => {
    expect([...written]).toEqual(
      expect.arrayContaining(['answered', 'not_mentioned', 'run_lost', 'attempts_exhausted'])
    )
    const unexplained = [...written].filter((code) => !Object.hasOwn(OUTCOME_TEXTS, code) && !NO_OUTCOMES.has(code))
    expect(unexplained).toEqual([])
  })

  it.each(Object.entries(OUTCOME_TEXTS))('%s is said in both languages', (_code, texts) => {
    expect(texts['zh-Hans']).toMatch(/\p{Script=Han}/u)
    expect(texts['en-US']).not.toMatch(/\p{Script=Han}/u)
    expect(texts['en-US'].trim()).not.toBe('')
  })

  it.each(INBOX_STATES)('names the state %s without a reason', (state) => {
    for (const language of ['en-US', 'zh-Hans'] as const)
      expect(outcomeOf({ state, reason: null }, language)).not.toContain(state)
  })

  it('is the state and why', () => {
    expect(outcomeOf({ state: 'refused', reason: 'not_mentioned' }, 'en-US')).toBe('Refused: the bot was not mentioned')
    expect(outcomeOf({ state: 'failed', reason: 'run_lost' }, 'zh-Hans')).toBe(
      '失败：平台丢失了该次运行。服务器是否曾重启？请重新回答。'
    )
  })

  it('ends with what an admin can do about it', () => {
    expect(outcomeOf({ state: 'refused', reason: 'not_published' }, 'en-US')).toBe(
      'Refused: no Digital Expert with this integration is published. Publish one with a Lark Trigger; if Xpert shows it as published, change one of its settings first.'
    )
    expect(outcomeOf({ state: 'refused', reason: 'not_published' }, 'zh-Hans')).toBe(
      '已忽略：没有使用该集成的已发布数字专家。请发布一个带有 Lark 触发器的数字专家；如果 Xpert 显示已发布，请先修改触发器的任意一项设置。'
    )
  })

  it.each(Object.entries(OUTCOME_STEPS))(
    'of %s it says what to do in both languages, in whole sentences',
    (code, step) => {
      expect(Object.hasOwn(OUTCOME_TEXTS, code)).toBe(true)
      expect(step['en-US']).toMatch(/^[A-Z][^{\p{Script=Han}]*[.?]$/u)
      expect(step['zh-Hans']).toMatch(/\p{Script=Han}.*。$/u)
    }
  )

  it.each([
    ['attached', 'window', false, 'Waiting: for more messages of this person', '等待：该用户可能还有后续消息'],
    ['attached', 'running', true, 'Being answered', '回答中'],
    ['received', null, true, 'Waiting: it will be tried again', '等待：稍后将重试'],
    ['claimed', null, true, 'Waiting', '等待'],
    ['failed', 'waiting', true, 'Failed', '失败']
  ])('of a row that is %s with a turn that is %s says what it waits for', (state, turnState, isPutOff, en, zh) => {
    const row = { state, reason: null, turnState, isPutOff }
    expect([outcomeOf(row, 'en-US'), outcomeOf(row, 'zh-Hans')]).toEqual([en, zh])
  })

  describe('where Lark does not take the answer', () => {
    const faultOf = (larkCode: number, reaction: LarkReaction = 'forbidden', httpStatus = 400): LarkFault => ({
      reaction,
      api: 'im.message.reply',
      larkCode,
      httpStatus
    })
    const failed = (fault: LarkFault | null, reason = 'delivery_failed') => ({ state: 'failed', reason, fault })

    it.each([
      [
        99991672,
        'forbidden',
        /lacks the permission im:message:send_as_bot \(99991672\)/,
        /应用缺少权限 im:message:send_as_bot/
      ],
      [
        230013,
        'forbidden',
        /the person is outside the app’s availability \(230013\)/,
        /用户不在应用的可用范围内（230013）/
      ],
      [230002, 'forbidden', /the bot is not in the group \(230002\)/, /机器人不在群里（230002）/],
      [230001, 'invalid_request', /could not read the request \(230001\)/, /请求无法识别（230001）/],
      [10015, 'credentials', /App ID or App Secret/, /App ID 或 App Secret/]
    ] as const)('says why it failed, and what to do, for %s', (larkCode, reaction, english, chinese) => {
      const row = failed(faultOf(larkCode, reaction))
      expect(outcomeOf(row, 'en-US')).toMatch(/^Failed: Lark refused the answer: /)
      expect(outcomeOf(row, 'en-US')).toMatch(english)
      expect(outcomeOf(row, 'zh-Hans')).toMatch(/^失败：飞书拒绝了回复：/)
      expect(outcomeOf(row, 'zh-Hans')).toMatch(chinese)
    })

    const isGivenUp = (reaction: LarkReaction): boolean =>
      !isRepeatable(new LarkApiError(reaction, { api: 'im.message.reply', larkCode: 1 }))
    const givenUp = LARK_ERROR_CODES.filter(({ reaction }) => isGivenUp(reaction)).map(
      ({ code, reaction }) => [code, reaction] as const
    )

    it.each(givenUp)('has words and the number for %s, %s', (code, reaction) => {
      const reason =
        reaction === 'content_refused' || reaction === 'quota'
          ? ({ content_refused: 'content_refused', quota: 'quota_exhausted' } as const)[reaction]
          : 'delivery_failed'
      const row = failed(faultOf(code, reaction), reason)
      const begins =
        reason === 'delivery_failed' ? /^Failed: Lark refused the answer: .+ \(\d+\)/ : /^Failed: .+ \(\d+\)/
      expect(outcomeOf(row, 'en-US')).toMatch(begins)
      for (const language of ['en-US', 'zh-Hans'] as const) {
        expect(outcomeOf(row, language)).toContain(String(code))
        expect(outcomeOf(row, language)).not.toContain('{')
      }
    })

    it('gives the status where Lark gave no number, and says so where it gave no answer', () => {
      expect(outcomeOf(failed(faultOf(0, 'unknown_outcome', 502), 'delivery_unknown'), 'en-US')).toMatch(
        /^Failed: Lark did not say whether the answer arrived \(502\)/
      )
      const silent = { reaction: 'retry' as const, api: 'im.message.reply', larkCode: 0 }
      expect(outcomeOf(failed(silent, 'delivery_unknown'), 'en-US')).toContain('arrived (no answer)')
      expect(outcomeOf(failed(silent, 'delivery_unknown'), 'zh-Hans')).toContain('是否送达（没有响应）')
    })

    it('gives the status where Lark’s servers fail, whatever number they add', () => {
      const row = failed(faultOf(2200, 'unknown_outcome', 502), 'delivery_unknown')
      expect(outcomeOf(row, 'en-US')).toContain('(502)')
    })

    it('says of an answer that waits for Lark that it does, and of no other', () => {
      const fault = faultOf(0, 'unknown_outcome', 502)
      const row = { state: 'attached', reason: null, turnState: 'running', fault }
      expect(outcomeOf(row, 'en-US')).toBe('Waiting: Lark does not take the answer (502); it is sent again and again')
      expect(outcomeOf(row, 'zh-Hans')).toBe('等待：飞书暂未接收回复（502），将不断重试')
      expect(outcomeOf({ ...row, turnState: 'waiting' }, 'en-US')).toBe(
        'Waiting: another message of its conversation is being answered'
      )
      expect(outcomeOf({ ...row, state: 'answered', reason: 'answered' }, 'en-US')).toBe(
        'Answered: by the Digital Expert'
      )
      expect(outcomeOf({ ...row, fault: null }, 'en-US')).toBe('Being answered')
    })
  })

  it('shows a code of another version as it is', () => {
    expect(outcomeOf({ state: 'failed', reason: 'from_the_future' }, 'en-US')).toBe('Failed: from_the_future')
    expect(outcomeOf({ state: 'failed', reason: 'constructor' }, 'en-US')).toBe('Failed: constructor')
  })
})

describe('how long a message took', () => {
  const at = (ms: number) => new Date(1_700_000_000_000 + ms)

  it.each([
    ['answered by a run', { dispatchedAt: at(400), endedAt: at(12_700) }, '0.4 s / 12 s'],
    ['ended without a run', { dispatchedAt: null, endedAt: at(200) }, '0.2 s / -'],
    ['being answered', { dispatchedAt: at(1_000), endedAt: null }, '1.0 s / -'],
    ['waiting', { dispatchedAt: null, endedAt: null }, '- / -']
  ])('%s', (_, row, expected) => {
    expect(tookOf({ receivedAt: at(0), ...row })).toBe(expected)
  })
})
