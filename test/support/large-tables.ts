import { DataSource } from 'typeorm'
import { createTestDatabase, TestDatabase } from './database'
import { openPluginTables } from './plugin-tables'

export const LARGE = { messages: 100_000, users: 20_000, sessions: 10_000 }

/** One integration with all of it, and a second one with a tenth, so that a plan that ignores whose rows they are shows. */
const FILL = [
  `INSERT INTO plugin_lark_user (integration_id, tenant_id, open_id, name, source, last_seen_at)
   SELECT owner, 't', 'ou_' || n, 'Member ' || n, CASE WHEN n % 4 = 0 THEN 'message' ELSE 'directory' END, now() - n * interval '1 minute'
   FROM (VALUES ('big', ${LARGE.users}), ('small', ${LARGE.users / 10})) AS one (owner, count), generate_series(1, count) AS n`,
  `INSERT INTO plugin_lark_chat (integration_id, tenant_id, chat_id, chat_type, name, source, last_seen_at)
   SELECT 'big', 't', 'oc_' || n, 'group', 'Group ' || n, 'message', now() FROM generate_series(1, ${LARGE.sessions / 4}) AS n`,
  `INSERT INTO plugin_lark_session (id, integration_id, tenant_id, scope_key, xpert_id, chat_type, chat_id, sender_id, conversation_id,
     created_at, last_activity_at, closed_at)
   SELECT gen_random_uuid(), owner, 't', 'scope ' || n, 'xpert', 'group', 'oc_' || n / 4, 'ou_' || n, gen_random_uuid(),
     now(), now() - n * interval '5 minutes', CASE WHEN n % 10 > 0 THEN now() END
   FROM (VALUES ('big', ${LARGE.sessions}), ('small', ${LARGE.sessions / 10})) AS one (owner, count), generate_series(1, count) AS n`,
  `INSERT INTO plugin_lark_turn (id, session_id, position, state, sender_id, messages, anchor_message_id, execution_id, created_at)
   SELECT gen_random_uuid(), session.id, n, 'ended', 'ou_1', '[]', 'om_1', gen_random_uuid(), now()
   FROM plugin_lark_session session, generate_series(1, 3) AS n
   WHERE integration_id = 'big' AND last_activity_at > now() - interval '5000 minutes'`,
  `INSERT INTO plugin_lark_inbound_event (id, inbox_key, dedup_key, lane, event_type, tenant_id, integration_id, state, reason,
     message_id, chat_id, sender_id, received_at, ended_at, turn_id)
   SELECT gen_random_uuid(), owner, 'message:om_' || n, owner, 'im.message.receive_v1', 't', owner,
     CASE WHEN n % 1000 = 0 THEN 'failed' WHEN n % 3 = 0 THEN 'refused' ELSE 'answered' END,
     CASE WHEN n % 1000 = 0 THEN 'run_failed' WHEN n % 3 = 0 THEN 'not_mentioned' ELSE 'answered' END,
     'om_' || n, 'oc_' || n % 2500, 'ou_' || n % 20000, now() - n * interval '6 seconds', now(), turn.id
   FROM (VALUES ('big', ${LARGE.messages}), ('small', ${LARGE.messages / 10})) AS one (owner, count)
   CROSS JOIN LATERAL generate_series(1, count) AS n
   LEFT JOIN (SELECT id, row_number() OVER () AS number FROM plugin_lark_turn) turn ON turn.number = n AND owner = 'big'`,
  'ANALYZE'
]

interface Plan {
  'Node Type': string
  'Relation Name'?: string
  'Actual Rows'?: number
  'Actual Loops'?: number
  'Rows Removed by Filter'?: number
  Plans?: Plan[]
}

interface ExplainRow {
  'QUERY PLAN': { Plan: Plan }[]
}

export interface Statement {
  sql: string
  parameters: unknown[]
}

const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)]

/** The plugin's tables with all that a large tenant has after a while; writes down what is asked of them. */
export class LargeTables {
  private asked: Statement[] = []

  private constructor(
    readonly database: TestDatabase,
    readonly dataSource: DataSource
  ) {
    const query = dataSource.query.bind(dataSource)
    dataSource.query = (async (sql: string, parameters: unknown[]) => {
      this.asked.push({ sql, parameters })
      return query(sql, parameters)
    }) as typeof dataSource.query
  }

  static async fill(): Promise<LargeTables> {
    const database = await createTestDatabase()
    const dataSource = await openPluginTables(database.url)
    for (const sql of FILL) await database.query(sql)
    return new LargeTables(database, dataSource)
  }

  /** Since the last `forget`, but for those that only set something for their transaction. */
  get statements(): readonly Statement[] {
    return this.asked.filter(({ sql }) => !/^SELECT set_config\(/.test(sql))
  }

  forget(): void {
    this.asked = []
  }

  /** Tables that the statement can only read from one end to the other: no index is left to use when such scans are dear. */
  async wholeScans(statement: Statement): Promise<string[]> {
    const plans = await this.planOf(statement, '', 'SET enable_seqscan = off')
    if (plans.length === 0) throw new Error(`reads no table: ${statement.sql}`)
    return plans.filter((plan) => plan['Node Type'] === 'Seq Scan').map((plan) => plan['Relation Name']!)
  }

  /** Rows of the table that the statement reads, as the planner likes it. */
  async rowsRead(statement: Statement, table: string): Promise<number> {
    const plans = await this.planOf(statement, ', ANALYZE', 'SET enable_seqscan = on')
    const read = plans
      .filter((plan) => plan['Relation Name'] === table)
      .map((plan) => plan['Actual Rows']! * plan['Actual Loops']!)
    if (read.length === 0) throw new Error(`does not read ${table}: ${statement.sql}`)
    return Math.max(...read)
  }

  /** The same with those that it reads and throws away. */
  async rowsTouched(statement: Statement, table: string): Promise<number> {
    const plans = await this.planOf(statement, ', ANALYZE', 'SET enable_seqscan = on')
    return plans
      .filter((plan) => plan['Relation Name'] === table)
      .map((plan) => (plan['Actual Rows']! + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops']!)
      .reduce((all, one) => all + one, 0)
  }

  async end(): Promise<void> {
    await this.dataSource.destroy()
    await this.database.drop()
  }

  private async planOf({ sql, parameters }: Statement, options: string, setting: string): Promise<Plan[]> {
    const runner = this.dataSource.createQueryRunner()
    try {
      await runner.query(setting)
      const [row] = (await runner.query(`EXPLAIN (FORMAT JSON${options}) ${sql}`, parameters)) as ExplainRow[]
      return nodes(row!['QUERY PLAN'][0]!.Plan).filter((plan) => 'Relation Name' in plan)
    } finally {
      await runner.query('RESET enable_seqscan')
      await runner.release()
    }
  }
}
