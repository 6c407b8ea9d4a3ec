import { pick, t } from '../shared/language.js'
import { attempt, html, nothing, toast } from '../shared/page.js'
import { host } from './host.js'
import { SchemaForm } from './schema-form.js'
import { ViewTabs } from './view-tabs.js'

/** One integration: its provider's form and test, and the tabs that plugins add to it. */
export class IntegrationPage {
  #draw
  #open
  #providers
  #integration
  #form
  #tabs
  #result
  #isTesting = false

  /** `open(hash)` goes to another page, which is read anew. */
  constructor({ draw, open }) {
    this.#draw = draw
    this.#open = open
  }

  async load(id) {
    this.#providers = await host.providers()
    this.#integration = id ? await host.integration(id) : { name: '', provider: this.#providers[0]?.name, options: {} }
    this.#makeForm()
    this.#tabs = id ? new ViewTabs(id, this.#draw) : undefined
    await this.#tabs?.load()
    if (id && this.#provider.setup?.autoValidateOnLoad) void this.#test()
  }

  refresh() {
    return this.#tabs?.refresh()
  }

  get #provider() {
    return this.#providers.find(({ name }) => name === this.#integration.provider)
  }

  #makeForm() {
    this.#form = new SchemaForm(this.#provider.schema, this.#integration.options ?? {}, {
      load: (url) => host.call('GET', url),
      // Changing any option clears the result: it is of other options.
      changed: () => {
        this.#result = undefined
        this.#draw()
      },
      draw: this.#draw
    })
  }

  view() {
    if (!this.#form) return html`<p class="dim">${t('starting')}</p>`
    const { id, name } = this.#integration
    return html`
      ${id ? this.#tabs.view() : nothing}
      <section class="panel">
        <h2>${pick(this.#provider.label)}</h2>
        <p class="dim">
          ${pick(this.#provider.description)}
          ${(this.#provider.helpLinks ?? []).map(
            ({ url, label }) => html`<a href=${url} target="_blank" rel="noreferrer">${pick(label)}</a> `
          )}
        </p>
        <form
          @submit=${(event) => {
            event.preventDefault()
            void attempt(() => this.#save())
          }}
        >
          <div class="fields">
            <div class="field" data-field="name">
              <label for="name">${t('name')}<span class="required" aria-hidden="true"> *</span></label>
              <input
                id="name"
                required
                .value=${name}
                @change=${(event) => (this.#integration.name = event.target.value)}
              />
            </div>
          </div>
          ${this.#form.view()} ${this.#resultView()}
          <div class="buttons">
            <button type="submit" class="primary">${t('save')}</button>
            <button type="button" ?disabled=${this.#isTesting} @click=${() => void this.#test()}>
              ${this.#isTesting ? t('testing') : t('test')}
            </button>
            ${id ? html`<button type="button" class="danger" @click=${() => void attempt(() => this.#delete())}>${t('delete')}</button>` : nothing}
          </div>
        </form>
      </section>
    `
  }

  #draft() {
    const { id, name, provider } = this.#integration
    return { ...(id ? { id } : {}), name, provider, options: this.#form.value }
  }

  async #test() {
    this.#isTesting = true
    this.#draw()
    try {
      this.#result = await host.testIntegration(this.#draft())
    } catch (error) {
      this.#result = { problem: error.message }
    }
    this.#isTesting = false
    this.#draw()
  }

  async #save() {
    const isNew = !this.#integration.id
    const saved = await host.saveIntegration(this.#draft())
    toast(t('saved'))
    if (isNew) this.#open(`#/integration/${saved.id}`)
    else await this.load(saved.id)
    this.#draw()
  }

  async #delete() {
    if (!window.confirm(t('confirmDelete', { name: this.#integration.name }))) return
    await host.deleteIntegration(this.#integration.id)
    toast(t('deleted'))
    this.#open('#/integration/new')
  }

  #resultView() {
    if (!this.#result) return nothing
    const { problem, mode, webhookUrl, probe, warnings = [] } = this.#result
    if (problem) return html`<div class="result bad" role="alert">${problem}</div>`
    return html`<div class="result" role="status">
      <div><span class="badge">${t(mode)}</span></div>
      ${webhookUrl ? html`<div><strong>${t('requestUrl')}</strong> <code>${webhookUrl}</code></div>` : nothing}
      ${
        probe
          ? html`<div class=${probe.connected ? 'good' : 'bad'}>
              <strong>${t('connectionStatus')}</strong> ${t(probe.connected ? 'connected' : 'notConnected')} ·
              ${probe.state} ${probe.lastError ?? ''}
            </div>`
          : nothing
      }
      ${
        warnings.length > 0
          ? html`<ul class="warnings">
              ${warnings.map((warning) => html`<li>${warning}</li>`)}
            </ul>`
          : nothing
      }
    </div>`
  }
}
