import { DataSource } from 'typeorm'
import { PluginConfigReader, SingletonJobs } from '../../src/cluster'
import { PeopleRetention, UserRepository } from '../../src/directory'
import { ChatRepository } from '../../src/directory/chat.repository'
import { UnseenPeople } from '../../src/directory/unseen-people'
import { Owner, UserSource } from '../../src/directory/user.repository'
import { UnsettledSenders } from '../../src/inbox'
import { BindingKeptPeople } from '../../src/trigger/binding-kept-people'
import { BindingRepository } from '../../src/trigger/binding.repository'
import { FixedClock } from '../support/conversation-parts'
import { createTestDatabase, TestDatabase } from '../support/database'
import { openPluginTables } from '../support/plugin-tables'

const NOW = new Date('2026-03-01T10:00:00Z')
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000)
const owner = (integrationId: string): Owner => ({ integrationId, tenantId: 'tenant', organizationId: null })

describe('retention of people', () => {
  let database: TestDatabase
  let dataSource: DataSource
  let users: UserRepository
  let chats: ChatRepository

  beforeAll(async () => {
    database = await createTestDatabase()
    dataSource = await openPluginTables(database.url)
    users = new UserRepository(dataSource)
    chats = new ChatRepository(dataSource)
  })

  beforeEach(async () => {
    await database.query(
      'TRUNCATE plugin_lark_user, plugin_lark_chat, plugin_lark_job, plugin_lark_binding, plugin_lark_inbound_event'
    )
    for (const id of ['i', 'another']) await publish(id)
  })

  afterAll(async () => {
    await dataSource.destroy()
    await database.drop()
  })

  /** Chosen are those whose id says so. */
  const publish = (integrationId: string) => {
    const config = { groupScope: 'selected_users', groupUserOpenIds: ['ou_chosen'] }
    const binding = { ...owner(integrationId), xpertId: `expert of ${integrationId}`, config }
    return new BindingRepository(dataSource).publish(binding, NOW)
  }
  const unseen = () => {
    const kept = new BindingKeptPeople(new BindingRepository(dataSource), new UnsettledSenders(dataSource))
    return new UnseenPeople(users, chats, kept, new SingletonJobs(dataSource))
  }
  const retain = (config: object = {}) => {
    const reader = new PluginConfigReader(() => config)
    return new PeopleRetention(unseen(), new SingletonJobs(dataSource), reader, new FixedClock(NOW)).run()
  }
  const person = (openId: string, source: UserSource, days: number, integrationId = 'i') =>
    users.record(owner(integrationId), [{ openId, name: openId, source }], daysAgo(days))
  /** A read of the directory that began so long ago and has ended; `progress` says how. */
  const readFromLark = (days: number, progress: object = {}, integrationId = 'i') =>
    database.query(`INSERT INTO plugin_lark_job (name, progress) VALUES ($1, $2)`, [
      `directory:${integrationId}`,
      JSON.stringify({ state: 'done', startedAt: daysAgo(days), wholeSince: daysAgo(days), ...progress })
    ])
  const left = async () =>
    (await database.query<{ id: string }>(`SELECT open_id AS id FROM plugin_lark_user ORDER BY 1`)).map(({ id }) => id)

  it('removes who was not seen for as long as rows are kept, whether they wrote or were mentioned', async () => {
    await person('ou_wrote', 'message', 31)
    await person('ou_named', 'mention', 31)
    await person('ou_elsewhere', 'message', 31, 'another')
    await person('ou_wrote_lately', 'message', 29)
    await person('ou_named_lately', 'mention', 29)
    await retain()
    expect(await left()).toEqual(['ou_named_lately', 'ou_wrote_lately'])
  })

  it('goes by what the operator has set', async () => {
    await person('ou_wrote', 'message', 31)
    await retain({ retention: { rowDays: 60 } })
    expect(await left()).toEqual(['ou_wrote'])
  })

  it('keeps whom a published trigger names', async () => {
    await person('ou_chosen', 'message', 99)
    await retain()
    expect(await left()).toEqual(['ou_chosen'])
  })

  it('removes nobody of an integration on which nothing is published, so that a republish still finds whom it names', async () => {
    await person('ou_chosen', 'message', 99)
    await person('ou_wrote', 'message', 99)
    await database.query(`DELETE FROM plugin_lark_binding WHERE integration_id = 'i'`)
    await retain()
    expect(await left()).toEqual(['ou_chosen', 'ou_wrote'])
  })

  it.each(['received', 'claimed', 'attached', 'answered'])(
    'knows whether a message has ended that is %s',
    async (state) => {
      await person('ou_waits', 'message', 40)
      await database.query(
        `INSERT INTO plugin_lark_inbound_event (id, inbox_key, dedup_key, lane, event_type, tenant_id, integration_id, state, sender_id,
         received_at) VALUES (gen_random_uuid(), 'i', 'message:om_1', 'i', 'im.message.receive_v1', 'tenant', 'i', $1, 'ou_waits', $2)`,
        [state, daysAgo(40)]
      )
      await retain()
      expect(await left()).toEqual(state === 'answered' ? [] : ['ou_waits'])
    }
  )

  it('keeps whom the last read from Lark found, also when they wrote once, and nobody whom only an earlier one found', async () => {
    await person('ou_left', 'directory', 90)
    await person('ou_left_who_wrote', 'message', 90)
    await person('ou_left_who_wrote', 'directory', 90)
    await person('ou_stays', 'directory', 50)
    await person('ou_stays_and_wrote', 'directory', 50)
    await person('ou_stays_and_wrote', 'message', 45)
    await readFromLark(51)
    await retain()
    expect(await left()).toEqual(['ou_stays', 'ou_stays_and_wrote'])
  })

  it('looks at the lists again a day later, for whom no trigger names any more', async () => {
    await person('ou_chosen', 'directory', 90)
    await readFromLark(51)
    const job = unseen()
    expect(await job.removePeople(daysAgo(30), 10)).toBe(0)
    await database.query(`UPDATE plugin_lark_binding SET config = '{}'`)
    expect(await job.removePeople(new Date(daysAgo(30).getTime() + 3_600_000), 10)).toBe(0)
    expect(await job.removePeople(daysAgo(29), 10)).toBe(1)
  })

  it.each([
    ['while no read has found everybody', { wholeSince: undefined }],
    ['while the next read is under way', { state: 'running', startedAt: daysAgo(0), wholeSince: undefined }]
  ])('keeps whoever was read from Lark %s', async (_, progress) => {
    await person('ou_read', 'directory', 90)
    // As a version before this one has recorded it.
    await person('ou_read_before', 'directory', 90)
    await database.query(`UPDATE plugin_lark_user SET listed_at = NULL WHERE open_id = 'ou_read_before'`)
    await readFromLark(10, progress)
    await retain()
    expect(await left()).toEqual(['ou_read', 'ou_read_before'])
  })

  it('removes direct chats that were not written in for as long, and no group', async () => {
    const chat = (chatId: string, chatType: 'p2p' | 'group', days: number) =>
      chats.record(owner('i'), [{ chatId, chatType, source: 'message' }], daysAgo(days))
    await chat('oc_direct', 'p2p', 31)
    await chat('oc_lately', 'p2p', 29)
    await chat('oc_group', 'group', 99)
    await retain()
    const rows = await database.query<{ id: string }>(`SELECT chat_id AS id FROM plugin_lark_chat ORDER BY 1`)
    expect(rows.map(({ id }) => id)).toEqual(['oc_group', 'oc_lately'])
  })

  it('removes no more in a statement than it is told', async () => {
    for (const id of ['i', 'another'])
      for (let index = 0; index < 4; index += 1) await person(`ou_${id}_${index}`, 'message', 40, id)
    const before = daysAgo(30)
    expect([await unseen().removePeople(before, 3), (await left()).length]).toEqual([3, 5])
    expect([await unseen().removePeople(before, 3), (await left()).length]).toEqual([3, 2])
    expect([await unseen().removePeople(before, 3), (await left()).length]).toEqual([2, 0])
  })
})
