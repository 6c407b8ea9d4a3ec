import { readFileSync } from 'node:fs'
import { isNode, LineCounter, parseDocument, type Document } from 'yaml'
import { InvalidScenarioError, type Problem } from './invalid-scenario'
import { referenceProblems } from './references'
import type { Scenario } from './scenario'
import { schemaProblems } from './schema-problems'

/** Throws an InvalidScenarioError that names every place which has to be changed. */
export function readScenario(file: string): Scenario {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new InvalidScenarioError(file, [{ at: '', message: error instanceof Error ? error.message : String(error) }])
  }
  return parseScenario(text, file)
}

/** `file` is named in errors; files that are sent lie beside it. */
export function parseScenario(text: string, file: string): Scenario {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ message, pos }) => ({ at: '', line: lines.linePos(pos[0]).line, message }))
    throw new InvalidScenarioError(file, problems)
  }
  const content = withBareVerbs(document.toJS())
  const fail = (problems: Problem[]): never => {
    const placed = problems.map((problem) => ({ ...problem, line: lineOf(document, lines, problem.at) }))
    throw new InvalidScenarioError(file, placed)
  }
  const ofSchema = schemaProblems(content)
  if (ofSchema.length > 0) fail(ofSchema)
  const scenario = { groups: [], ...(content as Omit<Scenario, 'groups' | 'file'>), file } as Scenario
  const ofReferences = referenceProblems(scenario)
  if (ofReferences.length > 0) fail(ofReferences)
  return scenario
}

/** `- restart` and `- restart:` are `- restart: {}`. */
function withBareVerbs(content: unknown): unknown {
  if (typeof content !== 'object' || content === null) return content
  const { steps } = content as { steps?: unknown }
  if (!Array.isArray(steps)) return content
  const full = (step: unknown): unknown => {
    if (typeof step === 'string') return { [step]: {} }
    if (typeof step !== 'object' || step === null || Array.isArray(step)) return step
    return Object.fromEntries(Object.entries(step).map(([verb, told]) => [verb, told ?? {}]))
  }
  return { ...content, steps: steps.map(full) }
}

/** The line of the place, or of the nearest one around it that the file has. */
function lineOf(document: Document, lines: LineCounter, at: string): number | undefined {
  for (let path = at ? at.split('/') : []; path.length > 0; path = path.slice(0, -1)) {
    const node = document.getIn(path, true)
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  return undefined
}
