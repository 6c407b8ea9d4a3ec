import { CostMeter } from '../support/message-cost'
import { BINDING, INSERT, NOTE_DISPATCH, RUN_EVENT, TURN_END } from '../support/statement-patterns.cjs'

const LIMITS = { statementsToDispatch: 8, larkCallsToDispatch: 0, statements: 30, larkCalls: 6 }

describe.each(['webhook', 'long_connection'] as const)(
  'what one direct message costs over %s, warm, on one instance',
  (transport) => {
    const meter = new CostMeter(transport)

    beforeAll(() => meter.start())

    afterAll(() => meter.end())

    it('is one statement before the acknowledgement, eight to the dispatch, and no call to Lark before it', async () => {
      const { beforeAck, toDispatch, callsToDispatch } = await meter.leastOf(
        'how much?',
        (cost) => cost.beforeAck.length + cost.toDispatch.length
      )
      process.stdout.write(
        `to the dispatch: ${toDispatch.length} statements\n${toDispatch.map((text) => `  ${text.slice(0, 100)}`).join('\n')}\n`
      )
      expect(beforeAck).toEqual([expect.stringMatching(INSERT)])
      expect(toDispatch.length).toBeLessThanOrEqual(LIMITS.statementsToDispatch)
      expect(toDispatch[0]).toMatch(INSERT)
      expect(callsToDispatch).toHaveLength(LIMITS.larkCallsToDispatch)
    })

    it('is thirty statements and six calls to Lark, to the end of an answer whose twenty deltas come at once', async () => {
      const { statements, calls, queueMessages } = await meter.leastOf('and all of it?')
      process.stdout.write(
        `to the end: ${statements.length} statements, ${calls.length} calls\n${[...statements, ...calls].map((text) => `  ${text.slice(0, 100)}`).join('\n')}\n`
      )
      expect(statements.length).toBeLessThanOrEqual(LIMITS.statements)
      expect(calls.length).toBeLessThanOrEqual(LIMITS.larkCalls)
      // The dispatch, and a callback for each delta at least: the meter saw the whole turn.
      expect(queueMessages).toBeGreaterThan(20)
      // The crash tests, which run elsewhere, kill a host at these.
      const killedAt = [INSERT, BINDING, NOTE_DISPATCH, RUN_EVENT, TURN_END]
      expect(killedAt.filter((point) => !statements.some((text) => point.test(text)))).toEqual([])
    })
  }
)
