import { html, nothing, render } from '/vendor/lit-html/lit-html.js'
import { chooseLanguage, language } from './language.js'

export { html, nothing, render }

const TOAST_MS = 4000
const HUES = 12

export function toast(text, isError = false) {
  const node = document.createElement('div')
  node.className = isError ? 'toast error' : 'toast'
  node.textContent = text
  document.getElementById('toasts').append(node)
  window.setTimeout(() => node.remove(), TOAST_MS)
}

/** Runs it; what it throws is shown to the person. */
export async function attempt(work) {
  try {
    return await work()
  } catch (error) {
    toast(error.message, true)
    return undefined
  }
}

/** Draws at most once a frame, however often it is asked. */
export function drawing(draw) {
  let asked = false
  return () => {
    if (asked) return
    asked = true
    window.requestAnimationFrame(() => {
      asked = false
      draw()
    })
  }
}

export function avatar(name) {
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % HUES, 7)
  return html`<span class="avatar hue-${hue}" aria-hidden="true">${name.slice(0, 1).toUpperCase()}</span>`
}

export const languageSwitch = () =>
  html`<select
    class="language"
    aria-label="Language"
    .value=${language}
    @change=${(event) => chooseLanguage(event.target.value)}
  >
    <option value="en" ?selected=${language === 'en'}>English</option>
    <option value="zh" ?selected=${language === 'zh'}>中文</option>
  </select>`

export const clockTime = (time) =>
  new Date(time).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit', hour12: false })
