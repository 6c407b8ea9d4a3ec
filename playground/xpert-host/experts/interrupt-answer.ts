import { randomBytes, randomUUID } from 'node:crypto'
import type { ExpertScript } from '../handoff/handoff-message'
import type { AnswerStep, OperationTask, ResumeDecision, SensitiveOperation, Turn } from './answer'
import { speak, toolCallId } from './script-text'

type InterruptScript = Extract<ExpertScript, { kind: 'interrupt' }>
type Args = Record<string, unknown>

type Verdict = { approved: true; args: Args } | { approved: false } | 'ask-again'

/**
 * Asks for confirmation before a tool runs: by a middleware, whose question lies in `interrupts[].value`, or by a
 * sensitive tool, whose call lies in the task itself (host-observed 42, host-contract §4.5).
 */
export async function* interruptAnswer(script: InterruptScript, turn: Turn): AsyncGenerator<AnswerStep> {
  if (!turn.resume) {
    if (script.beforeText) yield* speak(script.beforeText, turn)
    return yield { type: 'interrupt', operation: ask(script) }
  }
  const { operation, decision } = turn.resume
  const verdict = script.shape === 'tool' ? judgeToolCall(script, decision) : judgeMiddleware(script, decision)
  if (verdict === 'ask-again') return yield { type: 'interrupt', operation }
  if (!verdict.approved) return yield* speak(script.rejectedText, turn)
  const id = operation.tasks[0]?.call?.id ?? toolCallId()
  yield { type: 'tool-start', id, tool: script.tool, input: verdict.args }
  yield { type: 'tool-end', id, output: `Result of ${script.tool}` }
  yield { type: 'model-call' }
  yield* speak(script.approvedText, turn, script)
}

const ask = (script: InterruptScript): SensitiveOperation => ({
  tasks: [script.shape === 'tool' ? toolTask(script) : middlewareTask(script)]
})

function middlewareTask(script: InterruptScript): OperationTask {
  const node = 'Middleware_HumanInTheLoopMiddleware_after_model'
  const description = `Tool execution requires approval\n\nTool: ${script.tool}\nArgs: ${JSON.stringify(script.args, null, 2)}`
  const value = {
    actionRequests: [{ name: script.tool, args: script.args, description }],
    reviewConfigs: [{ actionName: script.tool, allowedDecisions: allowedIn(script) }]
  }
  return {
    id: randomUUID(),
    name: node,
    path: ['__pregel_pull', node],
    interrupts: [{ id: randomBytes(16).toString('hex'), value }]
  }
}

function toolTask(script: InterruptScript): OperationTask {
  return {
    id: randomUUID(),
    name: script.tool,
    path: ['__pregel_pull', script.tool],
    interrupts: [],
    type: 'tool',
    info: { name: script.tool, title: script.tool, description: `Runs ${script.tool}` },
    parameters: Object.entries(script.args).map(([name, value]) => ({
      name,
      title: name,
      type: Array.isArray(value) ? 'array' : typeof value,
      description: ''
    })),
    call: { id: toolCallId(), name: script.tool, args: script.args }
  }
}

const allowedIn = ({ allowedDecisions = ['approve', 'edit', 'reject'] }: InterruptScript): string[] => allowedDecisions

/** The middleware wants one decision per action that it allows; reject without a payload makes the graph ask again. */
function judgeMiddleware(script: InterruptScript, decision: ResumeDecision): Verdict {
  const decisions = (decision.payload as { decisions?: unknown[] } | undefined)?.decisions
  if (decision.payload === undefined && decision.type === 'reject') return 'ask-again'
  if (!Array.isArray(decisions)) throw new Error("Cannot read properties of undefined (reading 'length')")
  if (decisions.length !== 1) {
    throw new Error(`Number of human decisions (${decisions.length}) does not match number of hanging tool calls (1).`)
  }
  const [given] = decisions as { type?: string; editedAction?: { args?: Args } }[]
  if (!allowedIn(script).includes(given.type ?? ''))
    throw new Error(`Unexpected human decision: ${JSON.stringify(given)}`)
  if (given.type === 'approve') return { approved: true, args: script.args }
  if (given.type === 'edit') return { approved: true, args: given.editedAction?.args ?? script.args }
  if (given.type === 'reject') return { approved: false }
  throw new Error(`Unexpected human decision: ${JSON.stringify(given)}`)
}

function judgeToolCall(script: InterruptScript, decision: ResumeDecision): Verdict {
  if (decision.type === 'reject') return { approved: false }
  return { approved: true, args: decision.toolCalls?.[0]?.args ?? script.args }
}
