import { unsafeHTML } from '/vendor/lit-html/directives/unsafe-html.js'
import { html, nothing } from '../shared/page.js'
import { renderMarkdown } from './markdown.js'
import { fileUrl } from './simulator.js'

/**
 * A card as Lark draws it: the elements of card JSON that bots of this plugin send, and the visible text of any other.
 * `type(key, text)` = what is shown so far of a text that is being written.
 */
export function cardView(message, { press, type }) {
  const { raw, streaming } = message.card
  const elements = raw.body?.elements ?? raw.elements ?? []
  const context = { message, press, type: (key, text) => type(`${message.messageId} ${key}`, text, streaming) }
  return html`<div class="bubble card ${streaming ? 'streaming' : ''}">
    ${header(raw.header)} ${elements.map((element, index) => elementView(element, String(index), context))}
  </div>`
}

const header = (head) =>
  head?.title?.content ? html`<div class="card-title ${head.template ?? ''}">${head.title.content}</div>` : nothing

const VIEWS = {
  markdown: (element, place, { type }) =>
    markdown(type(element.element_id ?? place, element.content), element.text_size),
  lark_md: (element, place, { type }) => markdown(type(place, element.content)),
  plain_text: (element) => html`<div class="plain">${element.content}</div>`,
  div: (element, place, context) => html`${element.text ? elementView(element.text, place, context) : nothing}`,
  hr: () => html`<hr />`,
  img: (element) => html`<img src=${fileUrl(element.img_key)} alt=${element.alt?.content ?? ''} />`,
  button: (element, _place, context) => button(element, context),
  column_set: (element, place, context) =>
    html`<div class="columns">
      ${(element.columns ?? []).map((column, at) => elementView(column, `${place}.${at}`, context))}
    </div>`,
  column: (element, place, context) => html`<div class="column">${children(element.elements, place, context)}</div>`,
  action: (element, place, context) => html`<div class="columns">${children(element.actions, place, context)}</div>`
}

const children = (elements = [], place, context) =>
  elements.map((element, at) => elementView(element, `${place}.${at}`, context))

function elementView(element, place, context) {
  const view = VIEWS[element.tag]
  return view ? view(element, place, context) : html`<div class="unknown">[${element.tag}]</div>`
}

/** An element whose text is a space is there to be filled later. */
const markdown = (text, size) =>
  text.trim() === '' && size === 'notation'
    ? nothing
    : html`<div class="markdown ${size ?? ''}">${unsafeHTML(renderMarkdown(text))}</div>`

const button = (element, { message, press }) =>
  html`<button
    type="button"
    class="card-button ${element.type ?? 'default'}"
    ?disabled=${element.disabled === true}
    @click=${() => press(message, element)}
  >
    ${element.text?.content ?? ''}
  </button>`
