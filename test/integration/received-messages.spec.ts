import { DataSource } from 'typeorm'
import { NewInboundEvent, InboxRepository } from '../../src/inbox'
import { ReceivedMessages, ReceivedScope } from '../../src/inbox/received-messages.repository'
import { createTestDatabase, TestDatabase } from '../support/database'
import { inboundEvent } from '../support/inbound-event'
import { openPluginTables } from '../support/plugin-tables'

const NOW = new Date('2026-03-01T10:00:00Z')
const LATER = new Date('2026-03-01T10:00:01Z')
const MESSAGE = 'im.message.receive_v1'

describe('what people wrote, as a question reads it', () => {
  let database: TestDatabase
  let dataSource: DataSource
  let inbox: InboxRepository
  let received: ReceivedMessages

  beforeAll(async () => {
    database = await createTestDatabase()
    dataSource = await openPluginTables(database.url)
    inbox = new InboxRepository(dataSource)
    received = new ReceivedMessages(dataSource)
  })

  beforeEach(() => database.query(`TRUNCATE plugin_lark_inbound_event`))

  afterAll(async () => {
    await dataSource.destroy()
    await database.drop()
  })

  const own = { chatId: 'oc_1', threadId: 'omt_1', senderId: 'ou_1' }
  const write = (messageId: string, more: Partial<NewInboundEvent> = {}, at = LATER) =>
    inbox.insert(inboundEvent(messageId, { ...own, ...more }), at)
  const scope: ReceivedScope = {
    eventType: MESSAGE,
    integrationId: 'integration',
    chatId: 'oc_1',
    threadId: 'omt_1',
    rootId: null,
    senderId: 'ou_1',
    before: ['the question'],
    since: NOW,
    after: []
  }
  const recent = async (more: Partial<ReceivedScope> = {}, limit = 10): Promise<string[]> =>
    (await received.recent({ ...scope, ...more }, limit)).map(
      ({ payload }) => (JSON.parse(payload) as { key: string }).key
    )
  const scrub = (messageId: string) =>
    database.query(`UPDATE plugin_lark_inbound_event SET payload = NULL WHERE message_id = $1`, [messageId])

  describe('of its own place', () => {
    beforeEach(async () => {
      await write('first')
      await write('second')
    })

    it.each<[string, Partial<NewInboundEvent>]>([
      ['another topic', { threadId: 'omt_2' }],
      ['outside of a topic', { threadId: undefined }],
      ['another person', { senderId: 'ou_2' }],
      ['another chat', { chatId: 'oc_2' }],
      ['another integration', { integrationId: 'other' }],
      ['an event that is no message', { eventType: 'im.chat.member.bot.added_v1' }]
    ])('never brings %s along', async (_, more) => {
      await write('foreign', more)
      await write('the question')
      expect(await recent()).toEqual(['second', 'first'])
    })

    it('never brings along what was said before somebody began anew', async () => {
      await write('former', {}, NOW)
      await write('the question')
      expect(await recent()).toEqual(['second', 'first'])
    })

    it('brings no more than is asked for, the latest first, nothing that is gone, and nothing that came later', async () => {
      await write('gone')
      await scrub('gone')
      await write('the question')
      await write('later')
      expect(await recent()).toEqual(['second', 'first'])
      expect(await recent({}, 1)).toEqual(['second'])
    })

    it('is there for a question that is asked again, though its own text is gone from the inbox', async () => {
      await write('the question')
      await scrub('the question')
      expect(await recent()).toEqual(['second', 'first'])
    })

    it('is everybody’s where everybody is heard, and the whole time where nobody began anew', async () => {
      await write('of another', { senderId: 'ou_2' })
      await write('from long ago', {}, new Date(0))
      await write('the question')
      expect(await recent({ senderId: null })).toEqual(['of another', 'second', 'first'])
      expect(await recent({ since: null })).toEqual(['from long ago', 'second', 'first'])
    })

    it('is only what came after what was told before, also while that was still being collected', async () => {
      await write('told')
      await write('meanwhile')
      await write('told, too')
      await write('the question')
      expect(await recent({ after: ['told, too', 'told'] })).toEqual(['told, too', 'meanwhile'])
      expect(await recent({ after: ['forgotten'] })).toHaveLength(5)
      await write('told', { integrationId: 'other', dedupKey: 'elsewhere' })
      expect(await recent({ after: ['told, too', 'told'] })).toHaveLength(2)
    })

    it('of one chain of replies is nothing that does not name its first message', async () => {
      await write('om_root')
      await write('of another chain', { payload: '{"key":"of another chain","root_id":"om_root2"}' })
      await write('reply', { payload: '{"key":"reply","root_id":"om_root"}' })
      await write('the question')
      expect(await recent({ rootId: 'om_root' })).toEqual(['reply', 'om_root'])
      expect(await recent({ rootId: 'om_root' }, 1)).toEqual(['reply'])
    })

    it('outside of a topic is nothing of a topic', async () => {
      await write('in the chat', { threadId: undefined })
      await write('the question')
      expect(await recent({ threadId: null })).toEqual(['in the chat'])
    })

    it('looks no further than its own question, whichever other integration got a message of that id', async () => {
      await write('the question')
      await write('other', { integrationId: 'other', messageId: 'second', dedupKey: 'elsewhere' }, NOW)
      expect(await recent({ integrationId: 'other', before: ['second'], since: null })).toEqual([])
      expect(await recent({ before: ['second'] })).toEqual(['first'])
    })
  })

  describe('one message', () => {
    const find = (messageId: string) => received.find(MESSAGE, 'integration', messageId)

    it('is found by its id', async () => {
      await write('quoted')
      expect(await find('quoted')).toEqual({ payload: '{"key":"quoted"}', turnId: null })
    })

    it.each<[string, Partial<NewInboundEvent>]>([
      ['that another integration received', { integrationId: 'other' }],
      ['of another id', { messageId: 'another' }],
      ['that is a click', { eventType: 'card.action.trigger' }]
    ])('%s is not found', async (_, more) => {
      await write('quoted', more)
      expect(await find('quoted')).toBeNull()
    })

    it('is not found once it is gone', async () => {
      await write('quoted')
      await scrub('quoted')
      expect(await find('quoted')).toBeNull()
    })
  })
})
