import { AnswerLoad } from '../support/answer-load'
import { World } from '../support/world'

/**
 * The pace lets the playground's queue, not ours, keep up on two cores: about 220 events a second. At that pace
 * few share a statement; how many do without one is what `bench -- stream` measures.
 */
describe.each([
  [100, 900],
  [20, 180]
])('200 answers of 500 deltas on one app, two instances with %i slots a queue', (queueSlots, everyMs) => {
  let world: World

  beforeAll(async () => {
    world = await World.create()
    await world.startHost({ instance: 'first', queueSlots })
    await world.startHost({ instance: 'second', queueSlots })
  })

  afterAll(() => world.end())

  it('are exact, one message each, within 60 s of their runs, and within Lark’s limits', async () => {
    const report = await new AnswerLoad(world, 200, 500, everyMs).run()
    process.stdout.write(`${queueSlots} slots: ${JSON.stringify(report)}\n`)
    expect(report).toMatchObject({ answers: 200, wrong: [], repeated: 0, violations: [] })
    expect(report.latestMs[0]).toBeLessThan(60_000)
  }, 1_800_000)
})
