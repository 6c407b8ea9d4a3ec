import { button, buttonValueOf, CardActionName } from '../../../src/conversation/answer-buttons'
import { ClickPermission } from '../../../src/conversation/click-permissions'
import { ClickDecision, decideClick } from '../../../src/conversation/click-policy'
import { ClickedTurn } from '../../../src/conversation/clicked-turn.repository'

const turnOf = (more: Partial<ClickedTurn> = {}): ClickedTurn => ({
  id: 'turn',
  scopeKey: 'direct:oc_1',
  xpertId: 'xpert',
  integrationId: 'integration',
  attempt: 'attempt',
  state: 'running',
  senderId: 'ou_mei',
  chatType: 'p2p',
  chatId: 'oc_1',
  options: { idleTimeoutSeconds: 600, streaming: true, approverOpenIds: [] },
  operation: null,
  conversationId: 'conversation',
  canAskAgain: false,
  ...more
})
const approvedBy = (...approverOpenIds: string[]) => ({ idleTimeoutSeconds: 600, streaming: true, approverOpenIds })

const long = { tasks: [{ interrupts: [], call: { name: 'write', args: { text: 'x'.repeat(40_000) } } }] }
const onlyEdited = {
  tasks: [
    {
      interrupts: [
        {
          value: {
            actionRequests: [{ name: 'write', args: {} }],
            reviewConfigs: [{ actionName: 'write', allowedDecisions: ['edit'] }]
          }
        }
      ]
    }
  ]
}

describe('a click on an answer', () => {
  it.each<[CardActionName, string, Partial<ClickedTurn>, string, ClickDecision]>([
    ['stop', 'a running answer', {}, 'ou_mei', 'do'],
    ['stop', 'an ended one', { state: 'ended' }, 'ou_mei', 'not_open'],
    ['stop', 'a stranger’s', {}, 'ou_bo', 'not_yours'],
    ['stop', 'as an approver', { options: approvedBy('ou_bo') }, 'ou_bo', 'do'],
    ['stop', 'a card of a former attempt', { attempt: 'newer' }, 'ou_mei', 'not_open'],
    ['again', 'an answer that was interrupted', { state: 'ended', canAskAgain: true }, 'ou_mei', 'do'],
    ['again', 'an answer that is there', { state: 'ended' }, 'ou_mei', 'not_open'],
    ['new', 'an ended answer', { state: 'ended' }, 'ou_mei', 'do'],
    ['confirm', 'a question', { state: 'approval' }, 'ou_mei', 'do'],
    ['reject', 'a question', { state: 'approval' }, 'ou_mei', 'do'],
    ['confirm', 'a question that is being stored', { state: 'running' }, 'ou_mei', 'soon'],
    ['confirm', 'a forgotten question', { state: 'ended' }, 'ou_mei', 'not_open'],
    ['confirm', 'what no card can show', { state: 'approval', operation: long }, 'ou_mei', 'not_open'],
    ['reject', 'what no card can show', { state: 'approval', operation: long }, 'ou_mei', 'do'],
    ['confirm', 'what may only be edited', { state: 'approval', operation: onlyEdited }, 'ou_mei', 'not_open'],
    ['reject', 'what may only be edited', { state: 'approval', operation: onlyEdited }, 'ou_mei', 'not_open'],
    ['new', 'what may only be edited', { state: 'approval', operation: onlyEdited }, 'ou_mei', 'do'],
    [
      'confirm',
      'a question for approvers',
      { state: 'approval', options: approvedBy('ou_bo') },
      'ou_mei',
      'approvers_only'
    ],
    ['reject', 'a question for approvers', { state: 'approval', options: approvedBy('ou_bo') }, 'ou_mei', 'do'],
    ['reject', 'a stranger’s question', { state: 'approval', options: approvedBy('ou_bo') }, 'ou_ann', 'not_yours'],
    ['confirm', 'a question as an approver', { state: 'approval', options: approvedBy('ou_bo') }, 'ou_bo', 'do']
  ])('%s, %s', (action, _what, more, openId, decision) => {
    const value = { action, turnId: 'turn', attempt: 'attempt' }
    expect(decideClick(value, turnOf(more), openId, null)).toBe(decision)
  })

  it.each<[CardActionName, string, Partial<ClickPermission>, string, ClickDecision]>([
    [
      'confirm',
      'whose expert is not published any more',
      { unavailable: 'not_published' },
      'ou_mei',
      { unavailable: 'not_published' }
    ],
    ['again', 'whose trigger is off', { unavailable: 'disabled' }, 'ou_mei', { unavailable: 'disabled' }],
    ['again', 'of somebody who may not ask any more', { mayAsk: false }, 'ou_mei', 'not_allowed'],
    ['confirm', 'of somebody who may not ask any more', { mayAsk: false }, 'ou_mei', 'not_allowed'],
    ['confirm', 'for today’s approver, who may not ask', { mayAsk: false, approverOpenIds: ['ou_bo'] }, 'ou_bo', 'do'],
    ['confirm', 'as a former approver', { approverOpenIds: ['ou_ann'] }, 'ou_bo', 'approvers_only'],
    ['confirm', 'as who asked, while there are approvers', { approverOpenIds: ['ou_ann'] }, 'ou_mei', 'approvers_only']
  ])('%s, %s', (action, _what, more, openId, decision) => {
    const turn = turnOf({
      state: action === 'again' ? 'ended' : 'approval',
      canAskAgain: true,
      options: approvedBy('ou_bo')
    })
    const today = { unavailable: null, mayAsk: true, approverOpenIds: [], ...more }
    expect(decideClick({ action, turnId: 'turn', attempt: 'attempt' }, turn, openId, today)).toEqual(decision)
  })

  it('of a turn that is gone changes nothing', () => {
    expect(decideClick({ action: 'stop', turnId: 'turn', attempt: 'a' }, null, 'ou_mei', null)).toBe('not_open')
  })

  it('knows our buttons from those of other cards', () => {
    const own = button('stop', { id: 'turn', attempt: 'attempt' }, 'en-US')
    expect(buttonValueOf(own.value)).toEqual({ action: 'stop', turnId: 'turn', attempt: 'attempt' })
    for (const value of [{}, { action: 'stop', turn: 'turn', attempt: 'a' }, { ...own.value, action: 'delete' }])
      expect(buttonValueOf(value)).toBeUndefined()
  })
})
