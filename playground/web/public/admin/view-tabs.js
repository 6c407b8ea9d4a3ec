import { pick, t } from '../shared/language.js'
import { attempt, html, nothing, toast } from '../shared/page.js'
import { host } from './host.js'

const PAGE_SIZE = 20
const DATE = { dateStyle: 'short', timeStyle: 'medium' }

/** The tabs of one integration, drawn from manifests alone: which there are, their columns, values, search, sort and actions. */
export class ViewTabs {
  #id
  #draw
  #manifests = []
  #current
  #query = {}
  #data

  constructor(integrationId, draw) {
    this.#id = integrationId
    this.#draw = draw
  }

  async load() {
    this.#manifests = await host.views(this.#id)
    if (!this.#manifest) this.#choose(this.#manifests[0]?.key)
    await this.#read()
  }

  /** Reads again what is shown, also which actions there are by now. */
  async refresh() {
    this.#manifests = await host.views(this.#id)
    await this.#read()
  }

  get #manifest() {
    return this.#manifests.find(({ key }) => key === this.#current)
  }

  #choose(key) {
    this.#current = key
    this.#query = {}
    this.#data = undefined
  }

  async #read() {
    const manifest = this.#manifest
    if (!manifest) return
    const key = this.#current
    const { supportsPagination } = manifest.dataSource.querySchema ?? {}
    const size = manifest.view.pagination?.pageSize ?? PAGE_SIZE
    const paging = supportsPagination ? { page: this.#query.page ?? 1, pageSize: size } : {}
    const data = await host.viewData(this.#id, key, { ...this.#query, ...paging })
    if (key === this.#current) this.#data = data
    this.#draw()
  }

  #ask(change) {
    this.#query = Object.fromEntries(
      Object.entries({ ...this.#query, page: 1, ...change }).filter(([, value]) => value !== undefined && value !== '')
    )
    void attempt(() => this.#read())
  }

  view() {
    if (this.#manifests.length === 0) return nothing
    const manifest = this.#manifest
    return html`<section class="panel">
      <div class="tabs" role="tablist">
        ${this.#manifests.map(
          ({ key, title, badge }) =>
            html`<button
              type="button"
              role="tab"
              aria-selected=${key === this.#current}
              @click=${() => {
                this.#choose(key)
                this.#draw()
                void attempt(() => this.#read())
              }}
            >
              ${pick(title)}${badge ? html` <span class="badge">${badge.value}</span>` : nothing}
            </button>`
        )}
      </div>
      <div role="tabpanel" data-view=${this.#current}>
        ${this.#toolbar(manifest)} ${this.#data ? this.#content(manifest) : html`<p class="dim">${t('starting')}</p>`}
      </div>
    </section>`
  }

  #toolbar({ view, actions = [] }) {
    return html`<div class="toolbar">
      ${
        view.search?.enabled
          ? html`<input
              type="search"
              placeholder=${pick(view.search.placeholder) || t('search')}
              aria-label=${t('search')}
              @change=${(event) => this.#ask({ search: event.target.value })}
            />`
          : nothing
      }
      ${actions.filter(({ placement }) => placement === 'toolbar').map((action) => this.#button(action))}
    </div>`
  }

  #button(action, targetId) {
    return html`<button
      type="button"
      data-action=${action.key}
      @click=${() => void attempt(() => this.#act(action, targetId))}
    >
      ${pick(action.label)}
    </button>`
  }

  async #act({ key, confirm }, targetId) {
    if (confirm && !window.confirm(pick(confirm.message))) return
    const { success, message, refresh } = await host.viewAction(
      this.#id,
      this.#current,
      key,
      targetId ? { targetId } : {}
    )
    if (message) toast(pick(message), !success)
    if (refresh) await this.refresh()
  }

  #content({ view, actions = [] }) {
    const { summary, item, items = [], total } = this.#data
    if (view.type === 'stats') return stats(view.items, summary ?? item ?? {})
    if (view.type === 'detail') return detail(view.fields, item ?? summary ?? {})
    if (view.type !== 'table') return html`<pre>${JSON.stringify(this.#data, null, 2)}</pre>`
    const rowActions = actions.filter(({ placement }) => placement === 'row')
    return html`<div class="table">
        ${
          items.length === 0
            ? html`<div class="none">${t('nothingYet')}</div>`
            : html`<table>
                <thead>
                  <tr>
                    ${view.columns.map((column) => this.#head(column))}${rowActions.length > 0 ? html`<th></th>` : nothing}
                  </tr>
                </thead>
                <tbody>
                  ${items.map(
                    (row) =>
                      html`<tr data-id=${row.id ?? ''}>
                        ${view.columns.map(({ key, dataType }) => cell(row[key], dataType))}
                        ${
                          rowActions.length > 0
                            ? html`<td class="row-actions">
                                ${rowActions.map((action) => this.#button(action, row.id))}
                              </td>`
                            : nothing
                        }
                      </tr>`
                  )}
                </tbody>
              </table>`
        }
      </div>
      ${view.pagination?.enabled && total !== undefined ? this.#pages(total, view.pagination.pageSize ?? PAGE_SIZE) : nothing}`
  }

  #head({ key, label, sortable }) {
    if (!sortable) return html`<th>${pick(label)}</th>`
    const isSorted = this.#query.sortBy === key
    const next = isSorted && this.#query.sortDirection === 'desc' ? 'asc' : 'desc'
    return html`<th aria-sort=${isSorted ? (next === 'asc' ? 'descending' : 'ascending') : 'none'}>
      <button type="button" class="sort" @click=${() => this.#ask({ sortBy: key, sortDirection: next })}>
        ${pick(label)} ${isSorted ? (next === 'asc' ? '↓' : '↑') : '↕'}
      </button>
    </th>`
  }

  #pages(total, size) {
    const page = this.#query.page ?? 1
    const from = Math.min((page - 1) * size + 1, total)
    return html`<div class="pages">
      <span class="dim">${t('pageOf', { from, to: Math.min(page * size, total), total })}</span>
      <button type="button" ?disabled=${page <= 1} @click=${() => this.#ask({ page: page - 1 })}>
        ${t('previous')}
      </button>
      <button type="button" ?disabled=${page * size >= total} @click=${() => this.#ask({ page: page + 1 })}>
        ${t('next')}
      </button>
    </div>`
  }
}

/** The host formats dates and shows every other value as text. */
const shown = (value, type) => {
  if (value === null || value === undefined || value === '') return ''
  return type === 'datetime' ? new Date(value).toLocaleString(document.documentElement.lang, DATE) : String(value)
}

const cell = (value, dataType) => html`<td title=${shown(value, dataType)}>${shown(value, dataType)}</td>`

const stats = (items, values) =>
  html`<div class="stats">
    ${items.map(
      ({ key, label, valueType }) =>
        html`<div class="stat" data-item=${key}>
          <span class="dim">${pick(label)}</span><strong>${shown(values[key], valueType) || '-'}</strong>
        </div>`
    )}
  </div>`

const detail = (fields, values) =>
  html`<dl class="detail">
    ${fields.map(
      ({ key, label, valueType }) =>
        html`<dt>${pick(label)}</dt>
          <dd>${shown(values[key], valueType)}</dd>`
    )}
  </dl>`
