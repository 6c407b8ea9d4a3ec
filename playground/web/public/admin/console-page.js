import { simulator } from '../chat/simulator.js'
import { t } from '../shared/language.js'
import { attempt, html, nothing, toast } from '../shared/page.js'

const TRANSPORTS = ['long_connection', 'webhook']

/** All that the plugin can make use of; an app begins with the first five. */
const SCOPES = [
  'im:message.group_at_msg.include_bot:readonly',
  'im:message.group_at_msg:readonly',
  'im:message.p2p_msg:readonly',
  'im:message.reactions:write_only',
  'im:message:send_as_bot',
  'cardkit:card:write',
  'im:message.group_msg',
  'im:message:readonly',
  'im:resource',
  'im:chat:readonly',
  'contact:contact.base:readonly',
  'contact:user.base:readonly',
  'contact:group:readonly',
  'application:application:self_manage'
]

/** The simulated Lark's developer console: where an app is made, and what an admin copies from it. */
export class ConsolePage {
  #draw
  #apps
  #name = 'Bot'
  #transport = TRANSPORTS[0]

  constructor({ draw }) {
    this.#draw = draw
  }

  async load() {
    this.#apps = await simulator.apps()
  }

  refresh() {
    return undefined
  }

  view() {
    if (!this.#apps) return html`<p class="dim">${t('starting')}</p>`
    return html`<section class="panel">
        <h2>${t('newApp')}</h2>
        <p class="dim">${t('consoleAbout')}</p>
        <form
          class="fields"
          @submit=${(event) => {
            event.preventDefault()
            void attempt(() => this.#create())
          }}
        >
          <div class="field">
            <label for="app-name">${t('name')}</label>
            <input
              id="app-name"
              required
              .value=${this.#name}
              @change=${(event) => (this.#name = event.target.value)}
            />
          </div>
          <div class="field">
            <label for="app-transport">${t('receives')}</label>
            <select id="app-transport" @change=${(event) => (this.#transport = event.target.value)}>
              ${TRANSPORTS.map((one) => html`<option value=${one} ?selected=${one === this.#transport}>${t(one)}</option>`)}
            </select>
          </div>
          <div class="buttons"><button type="submit" class="primary">${t('create')}</button></div>
        </form>
      </section>
      ${this.#apps.toReversed().map((app) => this.#app(app))}`
  }

  #app(app) {
    const values = ['appId', 'appSecret', ...(app.transport === 'webhook' ? ['verificationToken', 'encryptKey'] : [])]
    return html`<section class="panel app" data-app=${app.name}>
      <h2>${app.name} <span class="badge">${t(app.transport)}</span></h2>
      <dl class="detail">
        ${values.map(
          (key) =>
            html`<dt>${t(key)}</dt>
              <dd><code data-value=${key}>${app[key] || '-'}</code></dd>`
        )}
      </dl>
      ${app.transport === 'webhook' ? this.#requestUrl(app) : nothing}
      <details>
        <summary>${t('permissions')} (${app.scopes.length})</summary>
        <ul class="scopes">
          ${SCOPES.map(
            (scope) =>
              html`<li>
                <label
                  ><input
                    type="checkbox"
                    ?checked=${app.scopes.includes(scope)}
                    @change=${(event) => void attempt(() => this.#grant(app, scope, event.target.checked))}
                  />${scope}</label
                >
              </li>`
          )}
        </ul>
      </details>
    </section>`
  }

  #requestUrl(app) {
    return html`<form
      class="fields"
      @submit=${(event) => {
        event.preventDefault()
        void attempt(() => this.#setUrl(app, new FormData(event.target).get('url')))
      }}
    >
      <div class="field wide">
        <label for="url-${app.appId}">${t('requestUrl')}</label>
        <input id="url-${app.appId}" name="url" type="url" .value=${app.webhookUrl ?? ''} />
      </div>
      <div class="buttons"><button type="submit">${t('save')}</button></div>
    </form>`
  }

  async #create() {
    await simulator.createApp({ name: this.#name, transport: this.#transport })
    await this.load()
    this.#draw()
  }

  async #grant(app, scope, isGranted) {
    const scopes = isGranted ? [...app.scopes, scope] : app.scopes.filter((one) => one !== scope)
    await simulator.updateApp(app.appId, { scopes })
    await this.load()
    this.#draw()
  }

  /** As the console does: the URL is asked for the challenge when it is saved. */
  async #setUrl(app, webhookUrl) {
    await simulator.updateApp(app.appId, { webhookUrl })
    const { ok, status } = await simulator.verifyWebhook(app.appId)
    toast(ok ? t('verified') : t('notVerified', { status }), !ok)
    await this.load()
    this.#draw()
  }
}
