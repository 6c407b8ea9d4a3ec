import { HistoryScope } from '../../../src/conversation'
import { ReceivedMessages, ReceivedRow } from '../../../src/inbox'
import { InboxScopeMessages } from '../../../src/trigger/inbox-scope-messages'

/** The latest first, as the table gives them. */
class Received extends ReceivedMessages {
  rows: ReceivedRow[] = []

  override async recent(): Promise<ReceivedRow[]> {
    return this.rows
  }
}

const PEOPLE = Array.from({ length: 400 }, (_none, at) => ({
  key: `@_user_${at + 1}`,
  id: { open_id: `ou_${at + 1}` },
  name: `Person ${at + 1}`
}))

const rowOf = (messageId: string, text: string): ReceivedRow => ({
  turnId: null,
  payload: JSON.stringify({
    schema: '2.0',
    header: { event_id: messageId, event_type: 'im.message.receive_v1', app_id: 'cli_0123456789abcdef' },
    event: {
      sender: { sender_id: { open_id: 'ou_1' }, sender_type: 'user' },
      message: {
        message_id: messageId,
        chat_id: 'oc_1',
        chat_type: 'group',
        message_type: 'text',
        content: JSON.stringify({ text }),
        mentions: PEOPLE
      }
    }
  })
})

describe('what was said before', () => {
  const received = new Received(undefined as never)
  const messages = new InboxScopeMessages(received)
  const recent = async (...texts: string[]): Promise<string[]> => {
    received.rows = texts.map((text, at) => rowOf(`om_${at}`, text))
    return (await messages.recent({ rootId: null } as HistoryScope, 50)).map(({ event }) => event.messageId)
  }
  const LONG = 'why? '.repeat(1_000)

  it.each(['/new', '@_user_1 /new', '/new @_user_1', `/new ${LONG}`, `@_user_1 /new ${LONG}`, `/new @_user_1 ${LONG}`])(
    'begins behind an order to begin anew (%#)',
    async (order) => {
      expect(await recent('latest', order, 'earlier')).toEqual(['om_0'])
    }
  )

  it.each(['/stop', '@_user_1 /stop', '/stop @_user_1', '停止'])('is without the order %s', async (order) => {
    expect(await recent('latest', order, 'earlier')).toEqual(['om_2', 'om_0'])
  })

  it('is there however many people its messages mention, and however long these are', async () => {
    const flood = '@_user_1 @_user_2 /new '.repeat(6_000)
    expect(await recent(...Array.from({ length: 50 }, () => flood))).toHaveLength(50)
  })
})
