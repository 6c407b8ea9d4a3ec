import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

interface Line {
  kind: 'statement' | 'ack' | 'lark'
  text?: string
  connection?: number
  isDispatch?: boolean
}

const LIMITS = { statementsBeforeAck: 1, statementsToDispatch: 8, larkCallsToDispatch: 0, statements: 30, larkCalls: 6 }

describe('what one direct message costs, warm, on one instance', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plugin-lark-costs-'))
  const file = join(folder, 'traffic.jsonl')
  let world: World
  let bot: Bot
  let userId: string

  beforeAll(async () => {
    writeFileSync(file, '')
    world = await World.create()
    await world.startHost({
      env: {
        NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, '..', 'support', 'traffic-log.cjs'))}`,
        TRAFFIC_LOG: file
      }
    })
    const answer = { kind: 'stream', text: 'You said: {input}. That is the whole answer.', deltas: 20 } as const
    bot = await world.hire('webhook', answer, { scopes: ['cardkit:card:write'] })
    userId = (await world.person()).userId
    for (const text of ['warm', 'warmer']) await ask(text)
  })

  afterAll(async () => {
    await world.end()
    rmSync(folder, { recursive: true })
  })

  const ask = async (text: string): Promise<void> => {
    const { messageId } = await world.lark.say({ userId, appId: bot.app.appId, text })
    await eventually('the outcome is written', async () => (await world.row(messageId))?.state === 'answered')
  }

  /** Ours, and the transaction control around them; what the host does for itself is not. */
  const ours = (lines: readonly Line[]): string[] => {
    const mentions = (line: Line): boolean => line.text?.includes('plugin_lark_') === true
    const opened = new Map<number, Line>()
    const counted = new Set<Line>()
    for (const line of lines) {
      const { text = '', connection = 0 } = line
      const opening = opened.get(connection)
      if (text.startsWith('START TRANSACTION')) opened.set(connection, line)
      else if (mentions(line)) {
        counted.add(line)
        if (opening) counted.add(opening)
      } else if (text === 'COMMIT') {
        if (opening && counted.has(opening)) counted.add(line)
        opened.delete(connection)
      }
    }
    return lines.filter((line) => counted.has(line)).map(({ text = '' }) => text.replace(/\s+/g, ' ').trim())
  }

  /** The worker's looks into an empty inbox, and the rounds of the watch, are no message's. */
  const isRound = (text: string): boolean =>
    /plugin_lark_(instance|job|connection)\b|WITH taken AS|turn\.applied_sequence AND event\.received_at|received_at < now\(\)/.test(
      text
    )

  it('is one statement before the acknowledgement, eight to the dispatch, and no call to Lark before it', async () => {
    writeFileSync(file, '')
    await ask('how much?')
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line)
    const ack = lines.findIndex(({ kind }) => kind === 'ack')
    const dispatch = lines.findIndex(({ isDispatch }) => isDispatch)
    expect(ack).toBeGreaterThanOrEqual(0)
    expect(dispatch).toBeGreaterThan(ack)

    const accept = lines.findIndex(({ text }) => text?.includes('INSERT INTO plugin_lark_inbound_event'))
    const beforeAck = ours(lines.slice(0, accept + 1)).filter((text) => !isRound(text))
    const toDispatch = ours(lines.slice(0, dispatch)).filter((text, place, all) => {
      const isLaterClaim = text.startsWith('WITH head') && all.findIndex((each) => each.startsWith('WITH head')) < place
      return !isRound(text) && !isLaterClaim
    })

    expect(beforeAck).toHaveLength(LIMITS.statementsBeforeAck)
    expect(toDispatch.length).toBeLessThanOrEqual(LIMITS.statementsToDispatch)
    expect(toDispatch[0]).toContain('INSERT INTO plugin_lark_inbound_event')
    expect(lines.slice(0, dispatch).filter(({ kind }) => kind === 'lark')).toHaveLength(LIMITS.larkCallsToDispatch)
    process.stdout.write(
      `to the dispatch: ${toDispatch.length} statements\n${toDispatch.map((text) => `  ${text.slice(0, 100)}`).join('\n')}\n`
    )
  })

  it('is thirty statements and six calls to Lark, to the end of an answer whose twenty deltas come at once', async () => {
    writeFileSync(file, '')
    await ask('and all of it?')
    await world.lark.settled()
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line)
    const statements = ours(lines).filter((text) => !isRound(text))
    const calls = lines.filter(({ kind }) => kind === 'lark').map(({ text = '' }) => text)
    process.stdout.write(
      `to the end: ${statements.length} statements, ${calls.length} calls\n${[...statements, ...calls].map((text) => `  ${text.slice(0, 100)}`).join('\n')}\n`
    )
    expect(statements.length).toBeLessThanOrEqual(LIMITS.statements)
    expect(calls.length).toBeLessThanOrEqual(LIMITS.larkCalls)
  })
})
