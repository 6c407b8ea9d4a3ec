import { pick, t } from '../shared/language.js'
import { attempt, html, nothing, toast } from '../shared/page.js'
import { FIRST_SCRIPT, scriptFields } from './expert-scripts.js'
import { host } from './host.js'
import { SchemaForm } from './schema-form.js'

/** One Digital Expert: what answers, its trigger, and its runs. */
export class ExpertPage {
  #draw
  #open
  #expert
  #triggers
  #provider
  #form
  #checklist = []
  #runs = []

  constructor({ draw, open }) {
    this.#draw = draw
    this.#open = open
  }

  async load(id) {
    this.#triggers = await host.triggers()
    this.#expert = id ? await host.expert(id) : { name: '', script: FIRST_SCRIPT, triggers: [] }
    const [published] = this.#expert.triggers
    this.#choose(published?.from ?? this.#triggers[0]?.name, published?.config)
    await this.refresh()
    if (id) await this.#validate()
  }

  async refresh() {
    if (this.#expert.id) this.#runs = (await host.runs(this.#expert.id)).toReversed()
  }

  #choose(provider, config = {}) {
    this.#provider = this.#triggers.find(({ name }) => name === provider)
    this.#form =
      this.#provider &&
      new SchemaForm(this.#provider.configSchema, config, {
        load: (url) => host.call('GET', url),
        changed: () => {
          this.#draw()
          void attempt(() => this.#validate())
        },
        draw: this.#draw
      })
  }

  view() {
    if (!this.#expert) return html`<p class="dim">${t('starting')}</p>`
    return html`${this.#expertPanel()} ${this.#expert.id ? html`${this.#triggerPanel()} ${this.#runsPanel()}` : nothing}`
  }

  #expertPanel() {
    const { id, name, script } = this.#expert
    return html`<section class="panel">
      <h2>${t('experts')}</h2>
      <form
        @submit=${(event) => {
          event.preventDefault()
          void attempt(() => this.#save())
        }}
      >
        <div class="fields">
          <div class="field" data-field="name">
            <label for="name">${t('name')}<span class="required" aria-hidden="true"> *</span></label>
            <input id="name" required .value=${name} @change=${(event) => (this.#expert.name = event.target.value)} />
          </div>
          ${scriptFields(script, (next) => {
            this.#expert.script = next
            this.#draw()
          })}
        </div>
        <div class="buttons">
          <button type="submit" class="primary">${t('save')}</button>
          ${id ? html`<button type="button" class="danger" @click=${() => void attempt(() => this.#delete())}>${t('delete')}</button>` : nothing}
        </div>
      </form>
    </section>`
  }

  #triggerPanel() {
    const title = this.#provider ? pick(this.#provider.label) : t('trigger')
    const isPublished = this.#expert.triggers.length > 0
    return html`<section class="panel" id="trigger">
      <h2>${title}</h2>
      ${
        this.#triggers.length > 1
          ? html`<select aria-label=${t('trigger')} @change=${(event) => this.#choose(event.target.value)}>
              ${this.#triggers.map(
                ({ name, label }) =>
                  html`<option value=${name} ?selected=${name === this.#provider?.name}>${pick(label)}</option>`
              )}
            </select>`
          : nothing
      }
      ${this.#form ? this.#form.view(this.#checklist) : html`<p class="dim">${t('noTriggers')}</p>`}
      ${this.#checklistView()}
      <div class="buttons">
        <button type="button" class="primary" @click=${() => void attempt(() => this.#publish())}>
          ${t('publish')}
        </button>
        <button type="button" ?disabled=${!isPublished} @click=${() => void attempt(() => this.#stop())}>
          ${t('stop')}
        </button>
      </div>
    </section>`
  }

  /** Also those of fields that are hidden now. */
  #checklistView() {
    return html`<div
      class="result ${this.#checklist.some(({ level }) => level === 'error') ? 'bad' : ''}"
      role="status"
    >
      <strong>${t('checklist')}</strong>
      ${
        this.#checklist.length === 0
          ? html`<div class="good">${t('allGood')}</div>`
          : html`<ul class="warnings">
              ${this.#checklist.map(({ level, message }) => html`<li class=${level}>${pick(message)}</li>`)}
            </ul>`
      }
    </div>`
  }

  #runsPanel() {
    return html`<section class="panel" id="runs">
      <h2>${t('runs')}</h2>
      <div class="table">
        ${
          this.#runs.length === 0
            ? html`<div class="none">${t('nothingYet')}</div>`
            : html`<table>
                <thead>
                  <tr>
                    ${['started', 'input', 'status', 'took', 'instance', 'run'].map((key) => html`<th>${t(key)}</th>`)}
                  </tr>
                </thead>
                <tbody>
                  ${this.#runs.map(runRow)}
                </tbody>
              </table>`
        }
      </div>
    </section>`
  }

  #trigger() {
    return { provider: this.#provider.name, config: this.#form.value }
  }

  async #validate() {
    if (!this.#expert.id || !this.#form) return
    this.#checklist = await host.validateTrigger(this.#expert.id, this.#trigger())
    this.#draw()
  }

  async #save() {
    const { id, name, script } = this.#expert
    const saved = await host.saveExpert({ ...(id ? { id } : {}), name, script })
    toast(t('saved'))
    if (id) await this.load(id)
    else this.#open(`#/expert/${saved.id}`)
    this.#draw()
  }

  async #delete() {
    if (!window.confirm(t('confirmDelete', { name: this.#expert.name }))) return
    await host.deleteExpert(this.#expert.id)
    toast(t('deleted'))
    this.#open('#/expert/new')
  }

  async #publish() {
    try {
      this.#expert = await host.publish(this.#expert.id, this.#trigger())
      toast(t('published'))
    } catch (error) {
      if (error.body?.checklist) this.#checklist = error.body.checklist
      throw error
    } finally {
      this.#draw()
    }
  }

  async #stop() {
    this.#expert = await host.publish(this.#expert.id)
    toast(t('stopped'))
    this.#draw()
  }
}

const time = (value) => (value ? new Date(value).toLocaleTimeString(document.documentElement.lang) : '')
const seconds = (from, to) => (from && to ? `${((new Date(to) - new Date(from)) / 1000).toFixed(2)} s` : '')

const runRow = ({ id, startedAt, endedAt, input, status, instance }) =>
  html`<tr>
    <td>${time(startedAt)}</td>
    <td title=${input}>${input}</td>
    <td class=${status === 'error' ? 'bad' : status === 'success' ? 'good' : ''}>${status}</td>
    <td>${seconds(startedAt, endedAt)}</td>
    <td>${instance}</td>
    <td class="id" title=${id}>${id}</td>
  </tr>`
