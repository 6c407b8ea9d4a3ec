import { live } from '/vendor/lit-html/directives/live.js'
import { pick, t } from '../shared/language.js'
import { html, nothing } from '../shared/page.js'
import { RemoteOptions } from './remote-options.js'
import { isVisible, withDefaults } from './visible-when.js'

/** A form made of a JSON schema with `x-ui`, as the host makes it. `value` is what it holds now. */
export class SchemaForm {
  #schema
  #changed
  #remote

  /** `load(url)` = the options of a remote select; `changed()` after every change; `draw()` when options have come. */
  constructor(schema, stored, { load, changed, draw }) {
    this.#schema = schema
    this.#changed = changed
    this.#remote = new RemoteOptions(load, draw)
    this.value = withDefaults(schema, stored)
  }

  /** `problems`: what a check said of fields, as `{ field, level, message }`. */
  view(problems = []) {
    return html`<div class="fields">${this.#fields(this.#schema, this.value, problems)}</div>`
  }

  #fields(schema, holder, problems) {
    return Object.entries(schema.properties)
      .filter(([, property]) => isVisible(property['x-ui']?.visibleWhen, holder))
      .map(([name, property]) => this.#field(name, property, { holder, problems, required: schema.required ?? [] }))
  }

  #field(name, property, { holder, problems, required }) {
    const title = pick(property.title ?? name)
    const help = property['x-ui']?.help
    if (property.type === 'object')
      return html`<fieldset data-field=${name}>
        <legend>${title}</legend>
        ${this.#fields(property, (holder[name] ??= {}), problems)}
      </fieldset>`
    return html`<div class="field" data-field=${name}>
      <label for="field-${name}"
        >${title}${required.includes(name) ? html`<span class="required" aria-hidden="true"> *</span>` : nothing}</label
      >
      ${help ? html`<a class="help" href=${pick(help)} target="_blank" rel="noreferrer">${t('help')}</a>` : nothing}
      ${this.#input(name, property, holder)}
      ${problems
        .filter(({ field }) => field === name)
        .map(({ level, message }) => html`<p class="problem ${level}" role="alert">${pick(message)}</p>`)}
    </div>`
  }

  #input(name, property, holder) {
    const ui = property['x-ui'] ?? {}
    // What is being typed is kept at once: the page is drawn again meanwhile.
    const keep = (value) => (holder[name] = value)
    const set = (value) => {
      keep(value)
      this.#changed()
    }
    if (ui.component === 'remoteSelect') return this.#remote.view(name, ui, holder, set)
    if (property.enum) return choice(name, property, holder[name], set)
    if (property.type === 'boolean') return onOff(name, holder[name], set)
    if (property.type === 'number' || property.type === 'integer')
      return number(name, property, holder[name], { keep, set })
    return text(name, ui, holder[name], { keep, set })
  }
}

const choice = (name, property, value, set) =>
  html`<select id="field-${name}" @change=${(event) => set(event.target.value || undefined)}>
    ${value === undefined ? html`<option value="">${t('choose')}</option>` : nothing}
    ${property.enum.map(
      (one) =>
        html`<option value=${one} ?selected=${one === value}>
          ${pick(property['x-ui']?.enumLabels?.[one] ?? one)}
        </option>`
    )}
  </select>`

const onOff = (name, value, set) =>
  html`<input
    id="field-${name}"
    type="checkbox"
    role="switch"
    .checked=${live(value === true)}
    @change=${(event) => set(event.target.checked)}
  />`

const numberOf = ({ target }) => (target.value === '' ? undefined : Number(target.value))

const number = (name, { minimum, maximum }, value, { keep, set }) =>
  html`<input
    id="field-${name}"
    type="number"
    min=${minimum ?? nothing}
    max=${maximum ?? nothing}
    .value=${live(String(value ?? ''))}
    @input=${(event) => keep(numberOf(event))}
    @change=${(event) => set(numberOf(event))}
  />`

const text = (name, { component }, value, { keep, set }) =>
  component === 'textarea'
    ? html`<textarea
        id="field-${name}"
        rows="4"
        .value=${live(value ?? '')}
        @input=${(event) => keep(event.target.value)}
        @change=${(event) => set(event.target.value)}
      ></textarea>`
    : html`<input
        id="field-${name}"
        type=${component === 'password' || component === 'secretInput' ? 'password' : 'text'}
        autocomplete="off"
        .value=${live(value ?? '')}
        @input=${(event) => keep(event.target.value)}
        @change=${(event) => set(event.target.value)}
      />`
