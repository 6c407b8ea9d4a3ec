import type { ExpertScript, Session } from '../../xpert-host/client'
import type { Credentials } from './credentials'

const CONNECTED_WITHIN_MS = 40_000
const LOOK_EVERY_MS = 500
const PROVIDER = 'lark_integration'

const SCRIPT: ExpertScript = {
  kind: 'stream',
  text: 'You said: **{input}**\n\nI am a scripted Digital Expert on your own machine. Set OPENAI_API_KEY to put a model in my place.',
  everyMs: 40
}

export type Connected =
  | { isConnected: true; bot: string; hints: string[] }
  /** In the doctor's words. */
  | { isConnected: false; problems: string[] }

/** The host answers 500 with what was thrown; a `BadRequestException` has its words in `response` (host-observed 10). */
interface TestAnswer {
  warnings?: string[]
  response?: { message?: string }
}

/** Makes an integration of the credentials and an expert on it, and waits until the long connection is up. */
export async function connectReal(
  session: Session,
  credentials: Credentials,
  script: ExpertScript = SCRIPT
): Promise<Connected> {
  const { appId, appSecret, region } = credentials
  const options = {
    appId,
    appSecret,
    isLark: region === 'lark',
    connectionMode: 'long_connection',
    preferLanguage: 'en'
  }
  const test = await session.testIntegration({ name: 'Real bot', options })
  const { response, warnings = [] } = test.body as TestAnswer
  if (test.status >= 300) return { isConnected: false, problems: [response?.message ?? 'The app could not be tested.'] }
  const integration = await session.createIntegration({ name: 'Real bot', options })
  const expert = await session.createExpert({ name: 'Real expert', script })
  const trigger = { provider: 'lark', config: { integrationId: integration.id, enabled: true } }
  const published = await session.publish(expert.id, trigger)
  if (published.status >= 300) return { isConnected: false, problems: [JSON.stringify(published.body)] }
  const bot = await waitForConnection(session, integration.id)
  if (bot !== undefined) return { isConnected: true, bot, hints: warnings }
  return { isConnected: false, problems: await diagnosis(session, integration.id) }
}

/** The bot's name once it is connected; undefined when it is not in time. */
async function waitForConnection(session: Session, integrationId: string): Promise<string | undefined> {
  const until = performance.now() + CONNECTED_WITHIN_MS
  while (performance.now() < until) {
    const { body } = await session.viewData<{ summary?: Record<string, string> }>(integrationId, `${PROVIDER}__status`)
    if (body.summary?.state?.startsWith('connected')) return body.summary.bot ?? ''
    await new Promise((done) => setTimeout(done, LOOK_EVERY_MS))
  }
  return undefined
}

/** Every line of Diagnosis that is not well. */
async function diagnosis(session: Session, integrationId: string): Promise<string[]> {
  const { body } = await session.viewData<{ items?: Record<string, string>[] }>(integrationId, `${PROVIDER}__diagnosis`)
  return (body.items ?? [])
    .filter(({ verdict }) => verdict !== 'OK' && verdict !== 'Optional')
    .map(({ title, cause, link }) => `${title}: ${cause} ${link ?? ''}`.trim())
}
