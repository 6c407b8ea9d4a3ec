import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { aspectProblems } from './aspects'
import type { Problem } from './invalid-scenario'
import { NAMED_LISTS } from './named-lists'
import { type Expect, type Scenario, type Send, type Step, verbOf } from './scenario'

/** What a schema can not say: names that refer to nothing, or to two things. */
export function referenceProblems(scenario: Scenario): Problem[] {
  return [...castProblems(scenario), ...new StepReferences(scenario).problems()]
}

function castProblems({ people, bots, groups }: Scenario): Problem[] {
  const problems: Problem[] = []
  const named = [
    ...people.map((name, index) => ({ at: `people/${index}`, name })),
    ...bots.map(({ name }, index) => ({ at: `bots/${index}/name`, name })),
    ...groups.map(({ name }, index) => ({ at: `groups/${index}/name`, name }))
  ]
  const taken = new Map<string, string>()
  for (const { at, name } of named) {
    const first = taken.get(name)
    if (first) problems.push({ at, message: `"${name}" is the name of ${first} already` })
    else taken.set(name, at)
  }
  for (const [index, { trigger = {} }] of bots.entries()) {
    for (const [key, what] of Object.entries(NAMED_LISTS)) {
      const names = what === 'people' ? people : groups.map(({ name }) => name)
      problems.push(...unknownIn(`bots/${index}/trigger/${key}`, trigger[key] ?? [], names))
    }
  }
  for (const [index, group] of groups.entries()) {
    problems.push(...unknownIn(`groups/${index}/people`, group.people, people))
    const botNames = bots.map(({ name }) => name)
    problems.push(...unknownIn(`groups/${index}/bots`, group.bots, botNames))
  }
  return problems
}

function unknownIn(at: string, given: unknown, known: readonly string[]): Problem[] {
  if (!Array.isArray(given)) return [{ at, message: 'must be a list of names' }]
  return given.flatMap((name, index) => unknown(`${at}/${index}`, String(name), known))
}

const unknown = (at: string, name: string, known: readonly string[]): Problem[] =>
  known.includes(name) ? [] : [{ at, message: `"${name}" is not known; known are ${known.join(', ') || 'none'}` }]

/** Walks through the steps in their order: an id is known from its step on. */
class StepReferences {
  private readonly messages = new Set<string>()
  private readonly presses = new Set<string>()
  private readonly found: Problem[] = []

  constructor(private readonly scenario: Scenario) {}

  problems(): Problem[] {
    for (const [index, step] of this.scenario.steps.entries()) this.check(`steps/${index}/${verbOf(step)}`, step)
    return this.found
  }

  private check(at: string, step: Step): void {
    const told: Record<string, unknown> = { ...Object.values(step)[0] }
    const { by, to, bot, press } = told
    const { people, bots, groups } = this.scenario
    const botNames = bots.map(({ name }) => name)
    if (typeof by === 'string') this.known(`${at}/by`, by, people)
    if (typeof bot === 'string') this.known(`${at}/bot`, bot, botNames)
    if (typeof press === 'string') this.known(`${at}/press`, press, [...this.presses])
    if (typeof to === 'string') this.known(`${at}/to`, to, [...botNames, ...groups.map(({ name }) => name)])
    for (const key of ['message', 'answerTo', 'replyTo']) {
      const id = told[key]
      if (typeof id === 'string') this.known(`${at}/${key}`, id, [...this.messages])
    }
    if ('react' in step && (told.message === undefined) === (told.answerTo === undefined))
      this.found.push({ at, message: 'needs either message or answerTo' })
    if ('send' in step) this.checkFile(at, step.send)
    if ('expect' in step) this.checkExpect(at, step.expect)
    this.enter(at, step, told)
  }

  private enter(at: string, step: Step, { by, to, id }: Record<string, unknown>): void {
    const group = this.scenario.groups.find(({ name }) => name === to)
    if (group && !group.people.includes(String(by)))
      this.found.push({ at: `${at}/by`, message: `"${String(by)}" is not in the group "${group.name}"` })
    if (typeof id !== 'string') return
    if (this.messages.has(id) || this.presses.has(id))
      this.found.push({ at: `${at}/id`, message: `"${id}" is the id of an earlier step already` })
    if ('press' in step) this.presses.add(id)
    else this.messages.add(id)
  }

  private checkFile(at: string, { file, content }: Send): void {
    if (content === undefined && !existsSync(join(dirname(this.scenario.file), file)))
      this.found.push({ at: `${at}/file`, message: `there is no file "${file}" beside the scenario, and no content` })
  }

  private checkExpect(at: string, expect: Expect): void {
    this.found.push(...aspectProblems(at, expect))
    if (expect.matches === undefined) return
    try {
      new RegExp(expect.matches)
    } catch (error) {
      this.found.push({ at: `${at}/matches`, message: error instanceof Error ? error.message : String(error) })
    }
  }

  private known(at: string, name: string, names: readonly string[]): void {
    this.found.push(...unknown(at, name, names))
  }
}
