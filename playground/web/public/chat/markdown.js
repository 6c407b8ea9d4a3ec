import { Marked } from '/vendor/marked/marked.esm.js'
import { fileUrl } from './simulator.js'

const escapeHtml = (text) =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign])
const isSafe = (url) => /^(https?:|mailto:)/i.test(url)
const isImageKey = (href) => /^img_[\w-]+$/.test(href)

// What bots write contains what people wrote: HTML is shown, never run, and nothing is loaded from elsewhere.
const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    html: ({ text }) => escapeHtml(text),
    link({ href, tokens }) {
      const text = this.parser.parseInline(tokens)
      return isSafe(href) ? `<a href="${escapeHtml(href)}" target="_blank" rel="noreferrer">${text}</a>` : text
    },
    image: ({ text, href }) =>
      isImageKey(href)
        ? `<img src="${fileUrl(href)}" alt="${escapeHtml(text)}">`
        : `[Image${text ? `: ${escapeHtml(text)}` : ''} ${escapeHtml(href)}]`
  }
})

/** Lark's own tags inside Markdown, reduced to what a reader sees. */
const plain = (text) =>
  text
    .replace(/<\/?(?:font|text_tag)[^>]*>/g, '')
    .replace(/<at\s+(?:id|user_id)=["']?([^"'>\s]+)["']?\s*>(.*?)<\/at>/g, (_all, id, name) => `@${name || id}`)

/** HTML that is safe to show. */
export const renderMarkdown = (text) => marked.parse(plain(text))
