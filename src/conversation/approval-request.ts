import { ResumeRequest } from '../host'
import { isObject, JsonObject, objectOf, objectsOf, textOf } from '../shared'

/** One thing that a run wants to do and asks about. */
export interface AskedAction {
  name: string
  title: string
  args: unknown
}

/**
 * What an interrupted run asks (host-contract §4.5). `middleware`: requests of the human-in-the-loop middleware, each of
 * which wants a decision of its own; `tool`: calls of sensitive tools.
 */
export interface ApprovalRequest {
  shape: 'middleware' | 'tool'
  actions: AskedAction[]
  /** The middleware fails the run for a decision that it does not allow for each of its requests (host-contract §4.5). */
  mayConfirm: boolean
  mayReject: boolean
}

export type Verdict = 'confirm' | 'reject'

/** The middleware's requests in a task, with what may be decided about them. */
const requestsIn = (task: JsonObject): JsonObject[] =>
  objectsOf(task['interrupts'])
    .map((interrupt) => interrupt['value'])
    .filter(isObject)
    .filter((value) => Array.isArray(value['actionRequests']))

const forbids = (request: JsonObject, decision: 'approve' | 'reject'): boolean =>
  objectsOf(request['reviewConfigs']).some(
    ({ allowedDecisions }) => Array.isArray(allowedDecisions) && !allowedDecisions.includes(decision)
  )

const actionOf = (request: JsonObject): AskedAction => {
  const name = textOf(request['name']) ?? 'tool'
  return { name, title: textOf(request['title']) ?? name, args: request['args'] ?? {} }
}

const toolCallOf = (task: JsonObject): AskedAction => {
  const call = objectOf(task['call'])
  const info = objectOf(task['info'])
  const name = textOf(call['name']) ?? textOf(info['name']) ?? textOf(task['name']) ?? 'tool'
  return { name, title: textOf(info['title']) ?? name, args: call['args'] ?? {} }
}

/** Reads an operation as the host gave it; one that says nothing readable still waits for a decision. */
export const approvalRequestOf = (operation: JsonObject): ApprovalRequest => {
  const tasks = objectsOf(operation['tasks'])
  const requests = tasks.flatMap(requestsIn)
  if (requests.length === 0) return { shape: 'tool', actions: tasks.map(toolCallOf), mayConfirm: true, mayReject: true }
  return {
    shape: 'middleware',
    actions: requests.flatMap((request) => objectsOf(request['actionRequests']).map(actionOf)),
    mayConfirm: !requests.some((request) => forbids(request, 'approve')),
    mayReject: !requests.some((request) => forbids(request, 'reject'))
  }
}

/**
 * The exact decision for the host (host-observed 42): the middleware wants one per request, and asks the same again for a reject
 * without payload; a tool call takes none.
 */
export const decisionFor = (request: ApprovalRequest, verdict: Verdict, message: string): ResumeRequest['decision'] => {
  if (request.shape === 'tool') return { type: verdict }
  const one = verdict === 'confirm' ? { type: 'approve' } : { type: 'reject', message }
  return { type: verdict, payload: { decisions: request.actions.map(() => one) } }
}
