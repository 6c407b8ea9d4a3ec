import { t } from '../shared/language.js'
import { html, nothing } from '../shared/page.js'
import { complete, completions } from './mentions.js'

/** Where a person writes: a line that completes mentions, replies, and files. */
export class Composer {
  #names = []
  #choice = 0

  /** `draw` shows changes; `send(text)` and `attach(file)` are promises. */
  constructor({ draw, send, attach }) {
    Object.assign(this, { draw, send, attach })
  }

  view({ names, replyTo, hint, forget }) {
    this.names = names
    return html`<form class="composer" @submit=${(event) => this.#submit(event)}>
      <div class="hints">
        ${
          replyTo
            ? html`<span>${t('replyingTo', { name: replyTo.from })}</span
                ><button type="button" @click=${forget}>${t('cancel')}</button>`
            : hint
              ? html`<span>${hint}</span>`
              : nothing
        }
      </div>
      ${this.#names.length > 0 ? this.#list() : nothing}
      <div class="line">
        <label class="attach" title=${t('attach')}>
          <span aria-hidden="true">＋</span>
          <input type="file" multiple aria-label=${t('attach')} @change=${(event) => this.#files(event)} />
        </label>
        <textarea
          id="text"
          rows="1"
          placeholder=${t('write')}
          aria-label=${t('message')}
          autocomplete="off"
          @input=${() => this.#look()}
          @keydown=${(event) => this.#key(event)}
          @paste=${(event) => this.#paste(event)}
        ></textarea>
        <button type="submit" class="primary">${t('send')}</button>
      </div>
    </form>`
  }

  focus() {
    this.#box?.focus()
  }

  get #box() {
    return document.getElementById('text')
  }

  #list() {
    return html`<div class="completions" role="listbox">
      ${this.#names.map(
        (name, at) =>
          html`<button
            type="button"
            role="option"
            aria-selected=${at === this.#choice}
            @mousedown=${(event) => {
              event.preventDefault()
              this.#complete(name)
            }}
          >
            @${name}${name === 'all' ? ` (${t('everybody')})` : ''}
          </button>`
      )}
    </div>`
  }

  #look() {
    this.#names = completions(this.#box.value, this.#box.selectionStart, this.names) ?? []
    this.#choice = 0
    this.draw()
  }

  #complete(name) {
    const { text, caret } = complete(this.#box.value, this.#box.selectionStart, name)
    this.#box.value = text
    this.#box.setSelectionRange(caret, caret)
    this.#names = []
    this.focus()
    this.draw()
  }

  #key(event) {
    if (event.isComposing) return
    if (this.#names.length > 0 && this.#chooses(event.key)) return event.preventDefault()
    if (event.key !== 'Enter' || event.shiftKey) return
    event.preventDefault()
    void this.#say()
  }

  #chooses(key) {
    const steps = { ArrowDown: 1, ArrowUp: -1 }
    if (steps[key]) this.#choice = (this.#choice + steps[key] + this.#names.length) % this.#names.length
    else if (key === 'Escape') this.#names = []
    else if (key === 'Enter' || key === 'Tab') this.#complete(this.#names[this.#choice])
    else return false
    this.draw()
    return true
  }

  #submit(event) {
    event.preventDefault()
    void this.#say()
  }

  async #say() {
    const text = this.#box.value.trim()
    if (!text) return
    this.#box.value = ''
    this.#names = []
    if (!(await this.send(text))) this.#box.value ||= text
  }

  async #files(event) {
    const files = [...event.target.files]
    event.target.value = ''
    for (const file of files) await this.attach(file)
  }

  #paste(event) {
    const files = [...(event.clipboardData?.files ?? [])]
    if (files.length === 0) return
    event.preventDefault()
    void Promise.all(files.map((file) => this.attach(file)))
  }
}
