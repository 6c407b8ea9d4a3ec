import { requestJson } from '../shared/http.js'
import { hostLanguage } from '../shared/language.js'

const REMEMBERED = 'playground-user'
const SLOT = 'detail.main_tabs'

/** The seeded users of the default tenant that may do something here. */
export const USERS = ['admin', 'editor', 'viewer']

/** The host's own routes, called as a user of the first organisation. */
class Host {
  user = USERS.find((name) => name === window.localStorage.getItem(REMEMBERED)) ?? USERS[0]
  #seed

  signIn(user) {
    this.user = user
    window.localStorage.setItem(REMEMBERED, user)
  }

  /** `path` begins with a slash; answers are the host's. */
  async call(method, path, body) {
    return requestJson(method, `/host${path}`, { body, headers: await this.#headers() })
  }

  providers = () => this.call('GET', '/api/integration/providers')
  integrations = async () => (await this.call('GET', '/api/integration')).items
  integration = (id) => this.call('GET', `/api/integration/${id}`)
  testIntegration = (draft) => this.call('POST', '/api/integration/test', draft)
  saveIntegration = ({ id, ...draft }) =>
    id ? this.call('PUT', `/api/integration/${id}`, draft) : this.call('POST', '/api/integration', draft)
  deleteIntegration = (id) => this.call('DELETE', `/api/integration/${id}`)

  views = (id) => this.call('GET', `/api/view-hosts/integration/${id}/slots/${SLOT}/views`)
  viewData = (id, key, query) =>
    this.call('GET', `/api/view-hosts/integration/${id}/views/${key}/data?${new URLSearchParams(query)}`)
  viewAction = (id, key, action, body) =>
    this.call('POST', `/api/view-hosts/integration/${id}/views/${key}/actions/${action}`, body)

  experts = async () => (await this.call('GET', '/api/xpert')).items
  expert = (id) => this.call('GET', `/api/xpert/${id}`)
  saveExpert = ({ id, ...draft }) =>
    id ? this.call('PUT', `/api/xpert/${id}`, draft) : this.call('POST', '/api/xpert', draft)
  deleteExpert = (id) => this.call('DELETE', `/api/xpert/${id}`)
  triggers = () => this.call('GET', '/api/xpert/triggers/providers')
  validateTrigger = (id, trigger) => this.call('POST', `/api/xpert/${id}/triggers/validate`, trigger)
  publish = (id, trigger) => this.call('POST', `/api/xpert/${id}/publish`, trigger ? { trigger } : {})
  runs = (id) => this.call('GET', `/_control/runs?xpertId=${id}`)

  async #headers() {
    this.#seed ??= requestJson('GET', '/host/_control/tokens')
    const { tokens, organizations } = await this.#seed
    const { token, tenantId } = tokens.find(({ user, tenant }) => user === this.user && tenant === 'default')
    return {
      authorization: `Bearer ${token}`,
      'tenant-id': tenantId,
      'organization-id': organizations.first.id,
      'x-scope-level': 'organization',
      language: hostLanguage
    }
  }
}

export const host = new Host()
