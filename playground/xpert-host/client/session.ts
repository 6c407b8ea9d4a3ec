import type { ExpertScript } from '../handoff/handoff-message'
import { recordOutput, recordSecretsOf } from '../../run-record'
import { SEED_PASSWORD } from '../seed'
import { exchangeJson, requestJson, type JsonResponse } from './http'
import type {
  ChecklistItem,
  ExpertVersion,
  HostConversation,
  HostRun,
  Integration,
  Manifest,
  QueueStats
} from './shapes'

export interface TriggerChoice {
  provider: string
  config: Record<string, unknown>
}

const WAIT_MS = 20_000
const SLOT = 'detail.main_tabs'

/**
 * A user who is logged in, within one organisation. Methods throw on any status but 2xx, unless they return the status.
 */
export class Session {
  private token?: Promise<string>

  constructor(
    private readonly base: () => string,
    private readonly identity: { email: string; headers: Record<string, string> }
  ) {}

  /** Path as after the host's URL, `/api/...`. Headers given as empty are left out. */
  async request<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {}
  ): Promise<JsonResponse<T>> {
    const all = { ...(await this.authorization()), ...this.identity.headers, ...headers }
    const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''))
    recordSecretsOf(body && Reflect.get(body, 'options'))
    const answer = await exchangeJson<T>(this.base() + path, { method, body, headers: sent })
    recordAnswer(path, answer)
    return answer
  }

  createIntegration(input: {
    name: string
    provider?: string
    options: Record<string, unknown>
  }): Promise<Integration> {
    return this.expect('POST', '/api/integration', { provider: 'lark', ...input })
  }

  updateIntegration(id: string, patch: Record<string, unknown>): Promise<Integration> {
    return this.expect('PUT', `/api/integration/${id}`, patch)
  }

  deleteIntegration(id: string): Promise<Integration> {
    return this.expect('DELETE', `/api/integration/${id}`)
  }

  testIntegration(input: {
    id?: string
    name?: string
    provider?: string
    options: Record<string, unknown>
  }): Promise<JsonResponse<unknown>> {
    return this.request('POST', '/api/integration/test', { provider: 'lark', ...input })
  }

  getIntegration(id: string): Promise<Integration> {
    return this.expect('GET', `/api/integration/${id}`)
  }

  createExpert(input: { name: string; script: ExpertScript }): Promise<{ id: string; name: string }> {
    return this.expect('POST', '/api/xpert', input)
  }

  async updateExpertScript(id: string, script: ExpertScript): Promise<void> {
    await this.expect('PUT', `/api/xpert/${id}`, { script })
  }

  validateTrigger(xpertId: string, config: Record<string, unknown>, provider = 'lark'): Promise<ChecklistItem[]> {
    return this.expect('POST', `/api/xpert/${xpertId}/triggers/validate`, { provider, config })
  }

  /** Without a trigger, the one of the last publication is stopped. */
  publish(
    xpertId: string,
    trigger?: TriggerChoice,
    options: { newVersion?: boolean } = {}
  ): Promise<JsonResponse<unknown>> {
    return this.request('POST', `/api/xpert/${xpertId}/publish`, { trigger, ...options })
  }

  versions(xpertId: string): Promise<ExpertVersion[]> {
    return this.expect('GET', `/api/xpert/${xpertId}/version`)
  }

  async setAsLatest(xpertId: string): Promise<void> {
    await this.expect('POST', `/api/xpert/${xpertId}/latest`)
  }

  async unpublish(xpertId: string): Promise<void> {
    await this.expect('POST', `/api/xpert/${xpertId}/publish`, {})
  }

  async deleteExpert(xpertId: string): Promise<void> {
    await this.expect('DELETE', `/api/xpert/${xpertId}`)
  }

  conversations(xpertId: string): Promise<HostConversation[]> {
    return this.control(`/_control/conversations?xpertId=${xpertId}`)
  }

  async deleteConversation(id: string): Promise<void> {
    await this.expect('DELETE', `/api/chat-conversation/${id}`)
  }

  runs(xpertId: string): Promise<HostRun[]> {
    return this.control(`/_control/runs?xpertId=${xpertId}`)
  }

  queue(): Promise<QueueStats[]> {
    return this.control('/_control/queue')
  }

  /** Throws when there are fewer runs after `timeoutMs` of real time. */
  async waitForRuns(xpertId: string, count: number, timeoutMs = WAIT_MS): Promise<HostRun[]> {
    const runs = await this.control<HostRun[]>(
      `/_control/runs?xpertId=${xpertId}&count=${count}&timeoutMs=${timeoutMs}`
    )
    if (runs.length < count) throw new Error(`${runs.length} of ${count} runs after ${timeoutMs} ms`)
    return runs
  }

  views(integrationId: string): Promise<Manifest[]> {
    return this.expect('GET', `/api/view-hosts/integration/${integrationId}/slots/${SLOT}/views`)
  }

  viewData<T = unknown>(
    integrationId: string,
    publicKey: string,
    query: Record<string, string> = {}
  ): Promise<JsonResponse<T>> {
    const search = new URLSearchParams(query).toString()
    return this.request(
      'GET',
      `/api/view-hosts/integration/${integrationId}/views/${publicKey}/data${search && `?${search}`}`
    )
  }

  viewAction<T = unknown>(
    integrationId: string,
    publicKey: string,
    action: string,
    body: Record<string, unknown> = {}
  ): Promise<JsonResponse<T>> {
    return this.request(
      'POST',
      `/api/view-hosts/integration/${integrationId}/views/${publicKey}/actions/${action}`,
      body
    )
  }

  private async expect<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { status, body: answer } = await this.request<T>(method, path, body)
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`)
    return answer
  }

  private control<T>(path: string): Promise<T> {
    return requestJson<T>(this.base() + path)
  }

  private async authorization(): Promise<Record<string, string>> {
    this.token ??= requestJson<{ token: string }>(`${this.base()}/api/auth/login`, {
      method: 'POST',
      body: { email: this.identity.email, password: SEED_PASSWORD }
    }).then(({ token }) => token)
    // A failed login must not stick: the next request tries again.
    this.token.catch(() => (this.token = undefined))
    return { authorization: `Bearer ${await this.token}` }
  }
}

/**
 * What the plugin says. The host itself shows an integration's options to whoever may read it, and a test hands the
 * options that it was given back to be stored.
 */
function recordAnswer(path: string, { status, body }: JsonResponse<unknown>): void {
  if (path.startsWith('/api/integration') && status < 300 && !path.endsWith('/test')) return
  const { options: _options, ...shown } = Object(body) as Record<string, unknown>
  recordOutput('answers', JSON.stringify(Array.isArray(body) ? body : shown))
}
