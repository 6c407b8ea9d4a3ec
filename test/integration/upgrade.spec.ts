import { randomUUID } from 'node:crypto'
import { ORGANIZATIONS, TENANTS } from '../../playground/xpert-host/seed'
import { eventually } from '../support/eventually'
import { Bot, World } from '../support/world'

const ANSWER = { kind: 'stream', text: 'You said: {input}' } as const

/**
 * The public plugin's four tables. Their columns are not published; these follow the tables of its sibling channels
 * (camelCase, `varchar(36)` ids, one trigger binding an integration), and the reader takes other spellings too.
 */
const FORMER_TABLES = `
  CREATE TABLE plugin_lark_trigger_binding (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), "integrationId" varchar(36) NOT NULL, "xpertId" varchar(36) NOT NULL,
    "sessionTimeoutSeconds" integer NOT NULL DEFAULT 3600, "summaryWindowSeconds" integer NOT NULL DEFAULT 5,
    config jsonb, "tenantId" varchar(36), "organizationId" varchar(36), "createdById" varchar(36), "updatedById" varchar(36),
    "createdAt" timestamptz NOT NULL DEFAULT now(), "updatedAt" timestamptz NOT NULL DEFAULT now());
  CREATE UNIQUE INDEX plugin_lark_trigger_binding_integration_id_uq ON plugin_lark_trigger_binding ("integrationId");
  CREATE TABLE plugin_lark_conversation_binding (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), "conversationUserKey" varchar(255), "xpertId" varchar(36),
    "conversationId" varchar(36), "tenantId" varchar(36), "organizationId" varchar(36));
  CREATE TABLE plugin_lark_message_log (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), content text);
  CREATE TABLE plugin_lark_message_file (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), "messageLogId" uuid);
  INSERT INTO plugin_lark_conversation_binding ("conversationUserKey") VALUES ('a'), ('b');
  INSERT INTO plugin_lark_message_log (content) VALUES ('hello');
  INSERT INTO plugin_lark_message_file ("messageLogId") SELECT id FROM plugin_lark_message_log`

const FORMER = [
  'plugin_lark_trigger_binding',
  'plugin_lark_conversation_binding',
  'plugin_lark_message_log',
  'plugin_lark_message_file'
]

describe('a database that the public plugin has filled', () => {
  let world: World
  let bots: Bot[]
  /** Their experts are deleted. */
  let left: Bot[]

  const contents = async (): Promise<unknown> =>
    Promise.all(FORMER.map((table) => world.database.query(`SELECT * FROM ${table} ORDER BY id`)))

  const bindings = () =>
    world.database.query<{ integration_id: string; xpert_id: string; config: Record<string, unknown> }>(
      `SELECT integration_id, xpert_id, config, tenant_id, organization_id FROM plugin_lark_binding ORDER BY 1`
    )

  beforeAll(async () => {
    world = await World.create()
    await world.startHost()
    bots = [await world.hire('webhook', ANSWER), await world.hire('long_connection', ANSWER)]
    left = [await world.hire('webhook', ANSWER), await world.hire('webhook', ANSWER)]
    await world.host.stop()
    await world.database.query(`DELETE FROM xpert WHERE id = $1`, [left[0]!.expertId])
    await world.database.query(`UPDATE xpert SET "deletedAt" = now() WHERE id = $1`, [left[1]!.expertId])
    const own = await world.database.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_name LIKE 'plugin_lark_%'`
    )
    await world.database.query(own.map(({ name }) => `DROP TABLE ${name} CASCADE`).join(';'))
    await world.database.query(FORMER_TABLES)
    for (const { integrationId, expertId } of [...bots, ...left]) {
      await world.database.query(
        `INSERT INTO plugin_lark_trigger_binding ("integrationId", "xpertId", config, "tenantId", "organizationId")
         VALUES ($1, $2, $3, $4, $5)`,
        [integrationId, expertId, { groupReplyStrategy: 'all_messages' }, TENANTS.default.id, ORGANIZATIONS.first.id]
      )
    }
    // Of an integration that is gone: nobody could answer through it.
    await world.database.query(`INSERT INTO plugin_lark_trigger_binding ("integrationId", "xpertId") VALUES ($1, $2)`, [
      randomUUID(),
      bots[0]!.expertId
    ])
    // Options as they were before there was a mode: a token means webhook, none means long connection.
    await world.database.query(`UPDATE integration SET options = options - 'connectionMode'`)
    await world.database.query(
      `UPDATE integration SET options = options - 'verificationToken' - 'encryptKey' WHERE id = $1`,
      [bots[1]!.integrationId]
    )
  })

  afterAll(() => world.end())

  it('boots, loses nothing, and its published triggers answer, be its table unreadable at first', async () => {
    const before = await contents()
    await world.database.query(`
      ALTER TABLE plugin_lark_trigger_binding RENAME TO elsewhere;
      CREATE VIEW plugin_lark_trigger_binding AS SELECT 1 / 0 AS "integrationId"`)
    await Promise.all([world.startHost({ instance: 'first' }), world.startHost({ instance: 'second' })])
    await world.database.query(`
      DROP VIEW plugin_lark_trigger_binding;
      ALTER TABLE elsewhere RENAME TO plugin_lark_trigger_binding`)
    await eventually('the bindings are taken over', async () => {
      const [job] = await world.database.query(`SELECT last_run_at FROM plugin_lark_job WHERE name = 'former-bindings'`)
      return Boolean(job?.last_run_at)
    })
    expect(await bindings()).toEqual(
      [...bots]
        .sort((one, other) => (one.integrationId < other.integrationId ? -1 : 1))
        .map(({ integrationId, expertId }) => ({
          integration_id: integrationId,
          xpert_id: expertId,
          tenant_id: TENANTS.default.id,
          organization_id: ORGANIZATIONS.first.id,
          config: {
            integrationId,
            groupReplyStrategy: 'all_messages',
            sessionTimeoutSeconds: 3600,
            summaryWindowSeconds: 5
          }
        }))
    )
    for (const bot of bots) {
      await world.connect(bot)
      const { userId } = await world.person()
      const { messageId, chatId } = await world.lark.say({ userId, appId: bot.app.appId, text: 'still there?' })
      await world.lark.waitForMessage(chatId, { fromBot: true, replyTo: messageId, textIncludes: 'still there?' })
    }
    expect(await contents()).toEqual(before)
  })

  it('says which bindings it left, and lets others have their integrations', async () => {
    const logs = world.everyHost.flatMap((host) => host.logs).join('\n')
    for (const { integrationId, expertId } of left) {
      expect(logs).toContain(
        `a former binding is left, its expert is gone integration=${integrationId} xpert=${expertId}`
      )
    }
    expect(logs).toContain('bindings of the former plugin were taken over taken=2 found=5')
    const { id } = await world.admin.createExpert({ name: 'Grace', script: ANSWER })
    const trigger = { provider: 'lark', config: { integrationId: left[0]!.integrationId } }
    expect((await world.admin.publish(id, trigger)).status).toBe(201)
    await world.admin.unpublish(id)
  })

  it('does not bring back what is unpublished later', async () => {
    await world.admin.unpublish(bots[0]!.expertId)
    expect(await bindings()).toHaveLength(1)
    await world.host.stop()
    await world.startHost({ instance: 'third' })
    const [job] = await world.database.query<{ last_run_at: Date | null }>(
      `SELECT last_run_at FROM plugin_lark_job WHERE name = 'former-bindings'`
    )
    expect(job!.last_run_at).toBeInstanceOf(Date)
    expect(await bindings()).toHaveLength(1)
  })
})
