import { live } from '/vendor/lit-html/directives/live.js'
import { pick, t } from '../shared/language.js'
import { html, nothing } from '../shared/page.js'

/** Shown at once; a longer list is narrowed by its search. */
const MOST_SHOWN = 100

/** The options of `remoteSelect` fields: loaded per URL, an error is an empty list, as in the host. */
export class RemoteOptions {
  #byUrl = new Map()
  #searches = new Map()
  #load
  #draw

  constructor(load, draw) {
    this.#load = load
    this.#draw = draw
  }

  view(name, { selectUrl, depends = [], multiple }, siblings, set) {
    const url = urlOf(selectUrl, depends, siblings)
    const options = this.#options(url)
    return multiple ? this.#several(name, options, siblings[name] ?? [], set) : one(name, options, siblings[name], set)
  }

  /** undefined while they are on their way. */
  #options(url) {
    if (!this.#byUrl.has(url)) {
      this.#byUrl.set(url, undefined)
      void this.#load(url)
        .catch(() => [])
        .then((options) => {
          this.#byUrl.set(url, options)
          this.#draw()
        })
    }
    return this.#byUrl.get(url)
  }

  #several(name, options, chosen, set) {
    const search = this.#searches.get(name) ?? ''
    const known = new Set((options ?? []).map(({ value }) => value))
    const unknown = chosen.filter((value) => !known.has(value)).map((value) => ({ value, label: value }))
    const all = [...unknown, ...(options ?? [])]
    const found = all.filter(({ value, label }) =>
      `${pick(label)} ${value}`.toLowerCase().includes(search.toLowerCase())
    )
    const toggle = (value, isOn) => set(isOn ? [...chosen, value] : chosen.filter((other) => other !== value))
    return html`<div class="several" id="field-${name}">
      <input
        type="search"
        placeholder=${t('search')}
        aria-label=${t('search')}
        .value=${live(search)}
        @input=${(event) => {
          this.#searches.set(name, event.target.value)
          this.#draw()
        }}
      />
      <ul>
        ${found.slice(0, MOST_SHOWN).map(
          ({ value, label, description }) =>
            html`<li>
              <label>
                <input
                  type="checkbox"
                  .checked=${live(chosen.includes(value))}
                  @change=${(event) => toggle(value, event.target.checked)}
                />
                <span>${pick(label)}</span>
                ${description ? html`<span class="dim">${pick(description)}</span>` : nothing}
              </label>
            </li>`
        )}
        ${options && all.length === 0 ? html`<li class="dim">${t('noOptions')}</li>` : nothing}
      </ul>
    </div>`
  }
}

const one = (name, options = [], value, set) =>
  html`<select id="field-${name}" @change=${(event) => set(event.target.value || undefined)}>
    <option value="">${t('choose')}</option>
    ${options.map(
      (option) => html`<option value=${option.value} ?selected=${option.value === value}>${pick(option.label)}</option>`
    )}
    ${
      value && !options.some((option) => option.value === value)
        ? html`<option value=${value} selected>${value}</option>`
        : nothing
    }
  </select>`

function urlOf(selectUrl, depends, siblings) {
  const url = new URL(selectUrl, window.location.origin)
  for (const one of depends) {
    const { name, alias = name } = typeof one === 'string' ? { name: one } : one
    if (siblings[name] !== undefined && siblings[name] !== null) url.searchParams.append(alias, siblings[name])
  }
  return url.pathname + url.search
}
