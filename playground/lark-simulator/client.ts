/** Client of a simulator: starts one as a child process, or talks to one that runs. Imports no server code. */
import type {
  ClockChange,
  ClockState,
  ConnectionSpan,
  Fault,
  MessageMatch,
  PressInput,
  PressResult,
  PushInput,
  RedeliverInput,
  SayInput,
  SeenMessage,
  SimApp,
  SimAppPatch,
  SimCall,
  SimChat,
  SimConnection,
  SimDelivery,
  SimDepartment,
  SimUser,
  SimUserGroup,
  Transport,
  WebhookCheck
} from './contract'
import { recordSecretsOf } from '../run-record'
import { ControlHttp } from './control-http'
import { SimulatorProcess, SpawnOptions, startSimulatorProcess } from './simulator-process'

export * from './contract'

type CallFilter = { api?: string; appId?: string; since?: number }
type DeliveryFilter = { appId?: string; messageId?: string; eventType?: string }

export class LarkSimulator {
  private readonly http: ControlHttp

  private constructor(
    readonly url: string,
    private readonly process?: SimulatorProcess
  ) {
    this.http = new ControlHttp(url)
  }

  /** Starts a simulator that dies with this process. */
  static async spawn(options: SpawnOptions = {}): Promise<LarkSimulator> {
    const started = await startSimulatorProcess(options)
    return new LarkSimulator(started.url, started)
  }

  static connect(url: string): LarkSimulator {
    return new LarkSimulator(url.replace(/\/+$/, ''))
  }

  async stop(): Promise<void> {
    this.http.close()
    await this.process?.stop()
  }

  createApp(input: SimAppPatch & { transport: Transport }): Promise<SimApp> {
    return recorded(this.http.post('apps', input))
  }

  updateApp(appId: string, patch: SimAppPatch): Promise<SimApp> {
    return recorded(this.http.post(`apps/${appId}`, patch))
  }

  /** Sends the url_verification challenge to the app's webhook URL; 1 s limit. */
  verifyWebhook(appId: string): Promise<WebhookCheck> {
    return this.http.post(`apps/${appId}/verify-webhook`, {})
  }

  /** A direct member of the root department, unless departments are named. */
  createUser(input: { name: string; departmentIds?: string[] }): Promise<SimUser> {
    return this.http.post('users', input)
  }

  createUsers(users: { name: string; departmentIds?: string[] }[]): Promise<SimUser[]> {
    return this.http.post('users/many', { users })
  }

  createDepartment(input: { name: string; parentId?: string }): Promise<SimDepartment> {
    return this.http.post('departments', input)
  }

  createUserGroup(input: { name: string; userIds?: string[]; departmentIds?: string[] }): Promise<SimUserGroup> {
    return this.http.post('user-groups', input)
  }

  /** Groups that the bots are in since before anybody looked: no event tells of them. */
  createOldGroups(groups: { name: string; userIds: string[]; appIds: string[] }[]): Promise<SimChat[]> {
    return this.http.post('chats/old-groups', { groups })
  }

  /** The same one if it exists. */
  createDirectChat(input: { userId: string; appId: string }): Promise<SimChat> {
    return this.http.post('chats/direct', input)
  }

  createGroup(input: {
    name: string
    mode?: 'group' | 'topic'
    /** Of a topic group: its replies carry `root_id` without `thread_id`. */
    namesTopicsByRoot?: boolean
    userIds: string[]
    appIds: string[]
  }): Promise<SimChat> {
    return this.http.post('chats/group', input)
  }

  /** Adds or removes members of a group; apps get the bot added / deleted events. */
  changeMembers(
    chatId: string,
    change: { addUserIds?: string[]; removeUserIds?: string[]; addAppIds?: string[]; removeAppIds?: string[] }
  ): Promise<SimChat> {
    return this.http.post(`chats/${chatId}/members`, change)
  }

  /** Nobody can write to it any more (232009). */
  dissolveChat(chatId: string): Promise<void> {
    return this.http.post(`chats/${chatId}/dissolve`, {})
  }

  chats(): Promise<SimChat[]> {
    return this.http.get('chats')
  }

  users(): Promise<SimUser[]> {
    return this.http.get('users')
  }

  apps(): Promise<SimApp[]> {
    return this.http.get('apps')
  }

  /** As a person. Returns after the message is stored; pushing goes on behind. */
  say(input: SayInput): Promise<{ messageId: string; chatId: string }> {
    return this.http.post('say', input)
  }

  /** Several messages as one forwarded bundle. */
  forward(input: {
    userId: string
    chatId: string
    messageIds: string[]
  }): Promise<{ messageId: string; chatId: string }> {
    return this.http.post('forward', input)
  }

  recall(input: { userId: string; messageId: string }): Promise<void> {
    return this.http.post('recall', input)
  }

  react(input: { userId: string; messageId: string; emoji: string; remove?: boolean }): Promise<void> {
    return this.http.post('react', input)
  }

  /** The person has read these messages of the bot: read_users and im.message.message_read_v1. */
  markRead(input: { userId: string; messageIds: string[] }): Promise<void> {
    return this.http.post('mark-read', input)
  }

  press(input: PressInput): Promise<PressResult> {
    return this.http.post('press', input)
  }

  /** For say({ msgType: 'file' | 'image', content: { file_key } | { image_key } }). `size`: filled up with zeros to that many bytes. */
  uploadFile(input: { name: string; bytes: Uint8Array; size?: number }): Promise<{ key: string }> {
    const { name, bytes, size } = input
    return this.http.post('files', { name, base64: Buffer.from(bytes).toString('base64'), size })
  }

  /** In order of creation, people's own messages included. */
  read(chatId: string): Promise<SeenMessage[]> {
    return this.http.get(`chats/${chatId}/messages`)
  }

  /** Waits on the server. Throws with a dump of the chat after timeoutMs of real time. */
  waitForMessage(chatId: string, match: MessageMatch, timeoutMs = 20_000): Promise<SeenMessage> {
    return this.http.post('wait-for-message', { chatId, match, timeoutMs }, timeoutMs)
  }

  /**
   * Resolves when no delivery is pending or in flight and no call is in flight. Retries that wait for their time are
   * pending, unless ignoreRetries; with appId only that app's calls and deliveries count.
   */
  settled(timeoutMs = 20_000, options: { appId?: string; ignoreRetries?: boolean } = {}): Promise<void> {
    return this.http.post('settled', { timeoutMs, ...options }, timeoutMs)
  }

  calls(filter: CallFilter = {}): Promise<SimCall[]> {
    return this.http.get('calls', filter)
  }

  deliveries(filter: DeliveryFilter = {}): Promise<SimDelivery[]> {
    return this.http.get('deliveries', filter)
  }

  /** Waits for an attempt that has ended. */
  waitForDelivery(
    filter: DeliveryFilter & { ok?: boolean; attempt?: number },
    timeoutMs = 20_000
  ): Promise<SimDelivery> {
    return this.http.post('wait-for-delivery', { filter, timeoutMs }, timeoutMs)
  }

  /** Waits for `count` ended calls (default 1), with inFlight for calls that are under way. */
  waitForCall(
    filter: CallFilter & { code?: number; count?: number; inFlight?: boolean },
    timeoutMs = 20_000
  ): Promise<SimCall[]> {
    return this.http.post('wait-for-call', { filter, timeoutMs }, timeoutMs)
  }

  /** Pushes the message's event again; resolves when each push has had its first attempt. */
  redeliver(input: RedeliverInput): Promise<void> {
    return this.http.post('redeliver', input, 60_000)
  }

  /** Forgets retries whose time has not come, of one app or of all; answers how many. */
  async cancelRetries(appId?: string): Promise<number> {
    return (await this.http.post<{ cancelled: number }>('cancel-retries', { appId })).cancelled
  }

  push(input: PushInput): Promise<{ eventId: string }> {
    return this.http.post('push', input)
  }

  connections(appId?: string): Promise<SimConnection[]> {
    return this.http.get('connections', { appId })
  }

  /** Every connection that the app ever had, with the times of the simulator's clock. */
  connectionHistory(appId: string): Promise<ConnectionSpan[]> {
    return this.http.get('connections/history', { appId })
  }

  /** Waits until the app has at least (or with `count: 0` exactly) that many connections. */
  waitForConnections(appId: string, count = 1, timeoutMs = 20_000): Promise<SimConnection[]> {
    return this.http.post('wait-for-connections', { appId, count, timeoutMs }, timeoutMs)
  }

  async closeConnections(appId: string, how: { code?: number; terminate?: boolean } = {}): Promise<number> {
    return (await this.http.post<{ closed: number }>('connections/close', { appId, ...how })).closed
  }

  /** Swallows frames both ways on the connections that are open now. */
  halfOpen(appId: string, on: boolean): Promise<void> {
    return this.http.post('connections/half-open', { appId, on })
  }

  /** Sent in the endpoint's answer and in every pong; seconds. */
  setClientConfig(config: {
    ReconnectCount?: number
    ReconnectInterval?: number
    ReconnectNonce?: number
    PingInterval?: number
  }): Promise<void> {
    return this.http.post('client-config', config)
  }

  /** All tokens of the app are refused (99991663) from now on. */
  revokeTokens(appId: string): Promise<void> {
    return this.http.post(`apps/${appId}/revoke-tokens`, {})
  }

  addFault(fault: Fault): Promise<{ id: string }> {
    return this.http.post('faults', fault)
  }

  clearFaults(): Promise<void> {
    return this.http.delete('faults')
  }

  clock(): Promise<ClockState> {
    return this.http.get('clock')
  }

  changeClock(change: ClockChange): Promise<ClockState> {
    return this.http.post('clock', change)
  }

  /** Everything the real platform would have refused: limits exceeded, invalid cards, ... */
  violations(): Promise<string[]> {
    return this.http.get('violations')
  }
}

async function recorded(answer: Promise<SimApp>): Promise<SimApp> {
  const app = await answer
  recordSecretsOf(app)
  return app
}
