import { ConversationLoad } from '../support/conversation-load'
import { World } from '../support/world'

const CHATS = 20
const PER_CHAT = 10

/** The short form of test/crash/order.spec.ts. */
describe('many chats at two instances, one of which is killed half way', () => {
  let world: World

  beforeAll(async () => {
    world = await World.create()
  })

  afterAll(() => world.end())

  it('lets every chat reach the expert in the order sent, and answers each message once', async () => {
    await world.startHost({ instance: 'first', stalledAfterMs: 2_000 })
    const load = new ConversationLoad(world, CHATS, PER_CHAT)
    await load.prepare()
    const second = await world.startHost({ instance: 'second', stalledAfterMs: 2_000 })

    // The other one holds the connection, so people can go on writing.
    await load.send(() => second.kill('SIGKILL'))
    const report = await load.report()

    const total = CHATS * PER_CHAT
    expect(report).toMatchObject({ answered: total, outOfOrder: [], wrong: [], dispatches: total })
    expect(report.instances).toEqual(['first', 'second'])
  }, 300_000)
})
