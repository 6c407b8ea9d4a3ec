/** What is wrong at one place of a scenario file. */
export interface Problem {
  /** For example `steps/3/expect/text`; empty for the whole file. */
  at: string
  /** Of the file, from 1. */
  line?: number
  message: string
}

/** The person who wrote the file has to change it. */
export class InvalidScenarioError extends Error {
  override readonly name = 'InvalidScenarioError'

  constructor(
    readonly file: string,
    readonly problems: readonly Problem[]
  ) {
    super(`${file} is not a scenario:\n${problems.map(sentence).join('\n')}`)
  }
}

const sentence = ({ at, line, message }: Problem): string =>
  `  ${at ? `${at}: ` : ''}${message}${line === undefined ? '' : ` (line ${line})`}`
