import { eventually } from '../test/support/eventually'
import { inParallel } from '../test/support/in-parallel'
import { ours } from '../test/support/message-cost'
import { TrafficLog } from '../test/support/host-traffic'
import { World, type Bot } from '../test/support/world'
import type { BenchResult, Figure } from './result'

const PARALLEL = 16
const PEOPLE = 200
const EACH = 50
const MESSAGES = PEOPLE * EACH

/** Each person's first window ends because it is full, the second by its time. */
const WINDOW = { summaryWindowSeconds: 20, summaryMaxWaitSeconds: 300, summaryMaxMessages: 40 }

/** A kind of statement is told when it comes at least this often a message. */
const WORTH_TELLING = 0.05

const WITHIN_MS = 900_000

interface Said {
  messageId: string
  text: string
}

/** Ten thousand messages of a few hundred people, each collected in one window and in no other. */
export async function window(): Promise<BenchResult> {
  const traffic = new TrafficLog()
  const world = await World.create()
  try {
    await world.startHost({ env: traffic.env })
    const bot = await world.hire('long_connection', { kind: 'never' }, { trigger: WINDOW })
    traffic.clear()
    const began = performance.now()
    const said = await sayAll(world, bot)
    await attached(world)
    const seconds = (performance.now() - began) / 1000
    await over(world)
    const statements = ours(traffic.lines())
    return { name: 'window', figures: figuresOf(await lossOf(world, said), seconds, statements) }
  } finally {
    await world.end()
    traffic.remove()
  }
}

/** Everybody's first message, everybody's second, and so on. */
async function sayAll({ lark }: World, { app }: Bot): Promise<Said[]> {
  const people = await lark.createUsers(Array.from({ length: PEOPLE }, (_, index) => ({ name: `Person ${index}` })))
  const texts = Array.from({ length: MESSAGES }, (_, index) => `message ${index}`)
  const say = async (text: string, index: number): Promise<Said> => {
    const { userId } = people[index % PEOPLE]!
    const { messageId } = await lark.say({ userId, appId: app.appId, text })
    return { messageId, text }
  }
  return Promise.all(
    inParallel(
      PARALLEL,
      texts.map((text, index) => () => say(text, index))
    )
  )
}

const attached = ({ database }: World): Promise<unknown> =>
  eventually(
    'every message has a turn',
    async () => {
      const [row] = await database.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM plugin_lark_inbound_event WHERE turn_id IS NOT NULL`
      )
      return row!.n >= MESSAGES
    },
    WITHIN_MS
  )

const over = ({ database }: World): Promise<unknown> =>
  eventually(
    'every window is over',
    async () => {
      const [row] = await database.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM plugin_lark_turn WHERE state = 'window'`
      )
      return row!.n === 0
    },
    WITHIN_MS
  )

interface Loss {
  windows: number
  lost: number
  doubled: number
}

/** A message is kept when the turn of its inbox row has collected its text. */
async function lossOf({ database }: World, said: readonly Said[]): Promise<Loss> {
  const collected = await database.query<Said & { turnId: string; rowTurnId: string | null }>(
    `SELECT message ->> 'messageId' AS "messageId", message ->> 'text' AS text, turn.id AS "turnId",
            event.turn_id AS "rowTurnId"
     FROM plugin_lark_turn turn CROSS JOIN jsonb_array_elements(turn.messages) AS message
     LEFT JOIN plugin_lark_inbound_event event ON event.message_id = message ->> 'messageId'`
  )
  const kept = collected.filter(({ turnId, rowTurnId }) => turnId === rowTurnId)
  const texts = new Map(kept.map(({ messageId, text }) => [messageId, text]))
  return {
    windows: new Set(collected.map(({ turnId }) => turnId)).size,
    lost: said.filter(({ messageId, text }) => texts.get(messageId) !== text).length,
    doubled: collected.length - new Set(collected.map(({ messageId }) => messageId)).size
  }
}

function figuresOf({ windows, lost, doubled }: Loss, seconds: number, statements: readonly string[]): Figure[] {
  return [
    { what: 'messages lost', value: lost, unit: '', goal: { atMost: 0 } },
    { what: 'messages collected twice', value: doubled, unit: '', goal: { atMost: 0 } },
    { what: 'windows', value: windows, unit: '' },
    { what: 'messages, with every statement written down', value: MESSAGES / seconds, unit: '/s' },
    { what: 'statements a message', value: statements.length / MESSAGES, unit: '', goal: { atMost: 3 } },
    ...kindsOf(statements)
  ]
}

function kindsOf(statements: readonly string[]): Figure[] {
  const counts = new Map<string, number>()
  for (const text of statements) counts.set(kindOf(text), (counts.get(kindOf(text)) ?? 0) + 1)
  return [...counts]
    .map(([kind, count]) => ({ what: `- ${kind}`, value: count / MESSAGES, unit: '' }))
    .filter(({ value }) => value >= WORTH_TELLING)
    .sort((one, other) => other.value - one.value)
}

/** What it does last; transaction control as it is. */
function kindOf(text: string): string {
  const writes = [...text.matchAll(/(INSERT INTO|UPDATE|DELETE FROM) plugin_lark_(\w+)/g)]
  const [, verb, table] = writes.at(-1) ?? /(FROM) plugin_lark_(\w+)/.exec(text) ?? []
  if (!verb) return text
  return `${text.startsWith('WITH') ? 'WITH ... ' : ''}${verb === 'FROM' ? 'SELECT FROM' : verb} ${table}`
}
