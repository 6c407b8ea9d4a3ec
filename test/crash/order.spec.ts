import { ConversationLoad } from '../support/conversation-load'
import { World } from '../support/world'

const CHATS = 50
const PER_CHAT = 20

describe('1,000 messages over 50 chats to two instances, one of which is killed half way', () => {
  let world: World

  beforeEach(async () => {
    world = await World.create()
  })

  afterEach(() => world.end())

  it.each(['holds the connection', 'does not hold the connection'] as const)(
    'lets every chat reach the expert in the order sent, and answers each message once: the killed one %s',
    async (which) => {
      const holder = await world.startHost({ instance: 'first', stalledAfterMs: 2_000 })
      const load = new ConversationLoad(world, CHATS, PER_CHAT)
      await load.prepare()
      const other = await world.startHost({ instance: 'second', stalledAfterMs: 2_000 })

      if (which === 'holds the connection') {
        // What is written while nobody is connected is delivered by Lark in an order of its own.
        await load.send(async () => {
          await holder.kill('SIGKILL')
          await load.reconnected()
        }, 'wait')
      } else await load.send(() => other.kill('SIGKILL'))
      const report = await load.report()

      process.stdout.write(`\n${JSON.stringify({ killed: which, ...report })}\n`)
      const total = CHATS * PER_CHAT
      expect(report).toMatchObject({ answered: total, outOfOrder: [], wrong: [], dispatches: total })
    }
  )
})
