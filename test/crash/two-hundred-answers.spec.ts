import { AnswerLoad } from '../support/answer-load'
import { World } from '../support/world'

describe.each([100, 20])('200 answers of 500 deltas on one app, two instances with %i slots a queue', (queueSlots) => {
  let world: World

  beforeAll(async () => {
    world = await World.create()
    await world.startHost({ instance: 'first', queueSlots })
    await world.startHost({ instance: 'second', queueSlots })
  })

  afterAll(() => world.end())

  it('are exact, one message each, within 60 s of their runs, and within Lark’s limits', async () => {
    const report = await new AnswerLoad(world, 200, 500, 40).run()
    process.stdout.write(`${queueSlots} slots: ${JSON.stringify(report)}\n`)
    expect(report).toMatchObject({ answers: 200, wrong: [], violations: [] })
    expect(report.latestMs[0]).toBeLessThan(60_000)
    expect(report.eventsPerWrite).toBeGreaterThanOrEqual(8)
  }, 1_800_000)
})
