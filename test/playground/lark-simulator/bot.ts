/** The official SDK as a bot of the simulator, quiet and with a token cache of its own. */
import { Client, DefaultCache, EventDispatcher, LoggerLevel, WSClient } from '@larksuiteoapi/node-sdk'
import type { LarkSimulator, SimApp } from '../../../playground/lark-simulator/client'

const silent = {
  fatal: () => undefined,
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  trace: () => undefined
}

export const clientOf = (sim: LarkSimulator, app: SimApp): Client =>
  new Client({
    appId: app.appId,
    appSecret: app.appSecret,
    domain: sim.url,
    cache: new DefaultCache(),
    logger: silent,
    loggerLevel: LoggerLevel.error
  })

export const dispatcherFor = (
  handlers: Record<string, (data: never) => unknown>,
  encryptKey?: string
): EventDispatcher =>
  new EventDispatcher({ encryptKey, logger: silent, loggerLevel: LoggerLevel.error }).register(handlers as never)

/** A connected socket client; resolves when the simulator sees it. */
export async function connect(
  sim: LarkSimulator,
  app: SimApp,
  eventDispatcher: EventDispatcher,
  options: object = {}
): Promise<WSClient> {
  const before = (await sim.connections(app.appId)).length
  const client = new WSClient({
    appId: app.appId,
    appSecret: app.appSecret,
    domain: sim.url,
    logger: silent,
    loggerLevel: LoggerLevel.error,
    ...options
  })
  void client.start({ eventDispatcher })
  await sim.waitForConnections(app.appId, before + 1)
  return client
}

/** Code of a refused call; the SDK throws for HTTP >= 400 and returns for HTTP 200. */
export async function codeOf(call: Promise<{ code?: number } | null>): Promise<number | undefined> {
  try {
    return (await call)?.code
  } catch (error) {
    return (error as { response?: { data?: { code?: number } } }).response?.data?.code
  }
}

export const text = (content: string): { msg_type: string; content: string } => ({
  msg_type: 'text',
  content: JSON.stringify({ text: content })
})

export const cardMessage = (card: object): { msg_type: string; content: string } => ({
  msg_type: 'interactive',
  content: JSON.stringify(card)
})
