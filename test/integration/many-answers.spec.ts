import { AnswerLoad } from '../support/answer-load'
import { World } from '../support/world'

/** The short form of `test/crash/two-hundred-answers.spec.ts`. */
describe('twenty answers of one app at once, on two instances', () => {
  let world: World

  beforeAll(async () => {
    world = await World.create()
    await world.startHost({ instance: 'first', queueSlots: 20, callbackDisorder: 9, callbackRepeat: 0.05 })
    await world.startHost({ instance: 'second', queueSlots: 20, callbackDisorder: 9, callbackRepeat: 0.05 })
  })

  afterAll(() => world.end())

  it('are exact, one message each, and within Lark’s limits', async () => {
    const report = await new AnswerLoad(world, 20, 100, 30).run()
    process.stdout.write(`${JSON.stringify(report)}\n`)
    expect(report).toMatchObject({ answers: 20, wrong: [], violations: [] })
    expect(report.latestMs[0]).toBeLessThan(60_000)
  }, 180_000)
})
