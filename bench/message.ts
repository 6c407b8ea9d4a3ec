import { CostMeter } from '../test/support/message-cost'
import type { BenchResult } from './result'

/** Counts, so a few messages tell it; the tests assert the same limits (test/integration/costs.spec.ts). */
export async function message(): Promise<BenchResult> {
  const meter = new CostMeter()
  try {
    await meter.start()
    const cost = await meter.leastOf('what does it cost?')
    return {
      name: 'message',
      figures: [
        { what: 'statements before the ack', value: cost.beforeAck.length, unit: '', goal: { atMost: 1 } },
        {
          what: 'statements to the dispatch',
          value: cost.toDispatch.length,
          unit: '',
          goal: { atMost: 8 },
          public: '23 (new sender)'
        },
        { what: 'Lark calls before the dispatch', value: cost.callsToDispatch.length, unit: '', goal: { atMost: 0 } },
        {
          what: 'statements of a 20-delta turn',
          value: cost.statements.length,
          unit: '',
          goal: { atMost: 30 },
          public: '28 (one part)'
        },
        {
          what: 'Lark calls of the turn',
          value: cost.calls.length,
          unit: '',
          goal: { atMost: 6 },
          public: '5 (one part)'
        },
        { what: 'queue messages of the turn', value: cost.queueMessages, unit: '' },
        { what: 'write-ahead log of the turn, with the host', value: cost.walBytes / 1024, unit: 'KiB' }
      ]
    }
  } finally {
    await meter.end()
  }
}
