import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import type { ExpertScript, HandoffMessage, HandoffOptions } from '../../../../playground/xpert-host/handoff'
import { createTestDatabase, type TestDatabase } from '../../../support/database'

export const TENANT = '11111111-1111-4111-8111-111111111111'
export const ORGANIZATION = '22222222-2222-4222-8222-222222222222'
export const USER = '33333333-3333-4333-8333-333333333333'

export interface CallbackPayload {
  kind: 'stream' | 'complete' | 'error'
  sourceMessageId: string
  sequence: number
  event?: { data: { type: string; event?: string; data: Record<string, unknown> } }
  error?: string
  errorCode?: string
  context?: unknown
}

export type Delivery = { instance: string; message: HandoffMessage<CallbackPayload> }

/** What tests of the handoff queue stand on: a database, experts, dispatches, and the callbacks that were delivered. */
export class TestDesk {
  private readonly children: ChildProcess[] = []

  private constructor(readonly database: TestDatabase) {}

  static async open(): Promise<TestDesk> {
    const database = await createTestDatabase()
    await database.query('create table test_expert (id uuid primary key, record jsonb not null)')
    for (const table of ['delivery', 'delivery_begun']) {
      await database.query(
        `create table ${table} (id bigserial primary key, instance text, message jsonb, at timestamptz default clock_timestamp())`
      )
    }
    return new TestDesk(database)
  }

  async close(): Promise<void> {
    for (const child of this.children) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    await this.database.drop()
  }

  /** An instance of the tiny host in its own process. */
  async spawn(
    instance: string,
    options: Partial<HandoffOptions> = {},
    env: Record<string, string> = {},
    preload: string[] = []
  ): Promise<ChildProcess> {
    const child = fork(join(__dirname, 'tiny-host-process.ts'), [], {
      execArgv: ['-r', '@swc-node/register', ...preload],
      env: {
        ...process.env,
        ...env,
        SWC_NODE_PROJECT: 'tsconfig.json',
        HOST_INSTANCE: instance,
        TINY_HOST: JSON.stringify({ databaseUrl: this.database.url, instance, shutdownGraceMs: 0, ...options })
      }
    })
    this.children.push(child)
    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`tiny host ended with ${code}`)))
    ])
    return child
  }

  async expert(script: ExpertScript): Promise<string> {
    const id = randomUUID()
    const record = { id, tenantId: TENANT, organizationId: ORGANIZATION, name: 'Probe', userId: USER, script }
    await this.database.query('insert into test_expert values ($1, $2)', [id, JSON.stringify(record)])
    return id
  }

  /** What the expert does from its next run on. */
  async change(xpertId: string, script: ExpertScript): Promise<void> {
    await this.database.query(`update test_expert set record = jsonb_set(record, '{script}', $2) where id = $1`, [
      xpertId,
      JSON.stringify(script)
    ])
  }

  /** The messages that one dispatch gave, in order of arrival. */
  async deliveries(runId: string): Promise<Delivery[]> {
    return this.database.query<Delivery>(
      `select instance, message from delivery where message -> 'payload' ->> 'sourceMessageId' = $1 order by id`,
      [runId]
    )
  }

  /** The payloads of one dispatch in sequence, once its terminal message and everything before it have come. */
  async run(runId: string, timeoutMs = 20_000): Promise<CallbackPayload[]> {
    let payloads: CallbackPayload[] = []
    await until(async () => {
      payloads = (await this.deliveries(runId))
        .map(({ message }) => message.payload)
        .sort((a, b) => a.sequence - b.sequence)
      const last = payloads.at(-1)
      return last !== undefined && last.kind !== 'stream' && payloads.length >= last.sequence
    }, timeoutMs)
    return payloads
  }

  async deadLetters(): Promise<{ messageId: string; reason: string; queue: string }[]> {
    return this.database.query('select "messageId", reason, queue from handoff_dead_letter order by "createdAt"')
  }
}

export function dispatch(
  xpertId: string,
  request: Record<string, unknown>,
  change: {
    options?: object
    headers?: Record<string, string | undefined>
    payload?: object
    maxAttempts?: number
  } = {}
): HandoffMessage {
  const id = randomUUID()
  return {
    id,
    type: 'agent.chat_dispatch.v1',
    version: 1,
    tenantId: TENANT,
    sessionKey: id,
    businessKey: id,
    attempt: 1,
    maxAttempts: change.maxAttempts ?? 5,
    enqueuedAt: Date.now(),
    traceId: id,
    payload: {
      request,
      options: { xpertId, from: 'lark', ...change.options },
      callback: { messageType: 'probe.cb.v1', headers: { handoffQueue: 'integration' }, context: { token: 'abc' } },
      ...change.payload
    },
    headers: {
      organizationId: ORGANIZATION,
      userId: USER,
      source: 'lark',
      requestedLane: 'main',
      handoffQueue: 'realtime',
      ...change.headers
    }
  }
}

export const send = (input: string, conversationId?: string, clientMessageId?: string): Record<string, unknown> => ({
  action: 'send',
  ...(conversationId ? { conversationId } : {}),
  message: { ...(clientMessageId ? { clientMessageId } : {}), input: { input } }
})

/** `on_…`, `text`, `component` or the kind: what the recordings are compared by. */
export function nameOf(payload: CallbackPayload): string {
  const data = payload.event?.data
  if (!data) return payload.kind
  return data.event ?? String(data.data.type)
}

export function eventData(payloads: CallbackPayload[], event: string): Record<string, unknown>[] {
  return payloads.filter((payload) => payload.event?.data.event === event).map((payload) => payload.event!.data.data)
}

export const spoken = (payloads: CallbackPayload[]): string =>
  payloads.flatMap((payload) => (nameOf(payload) === 'text' ? [String(payload.event!.data.data.text)] : [])).join('')

export async function until(condition: () => Promise<boolean> | boolean, timeoutMs = 20_000): Promise<void> {
  const end = performance.now() + timeoutMs
  while (!(await condition())) {
    if (performance.now() > end) throw new Error('the condition did not come true in time')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
