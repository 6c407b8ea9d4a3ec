import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as ts from 'typescript'
import { OUTCOME_TEXTS } from '../../../src/i18n'
import { INBOX_STATES } from '../../../src/inbox/inbox-state'
import { LARK_ERROR_CODES } from '../../../src/lark/lark-error-codes'
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
    expect(outcomeOf({ state: 'failed', reason: 'run_lost' }, 'zh-Hans')).toBe('失败：平台丢失了该次运行')
  })

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
