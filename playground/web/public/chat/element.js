/** element('button.primary', { onclick }, 'Send') - text and nodes become children; properties are set, `data-`/`aria-` as attributes. */
export function element(selector, properties = {}, ...children) {
  const [tag, ...classes] = selector.split('.')
  const node = document.createElement(tag)
  node.className = classes.join(' ')
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined) continue
    if (name.includes('-') || name === 'role') node.setAttribute(name, String(value))
    else node[name] = value
  }
  node.append(...children.filter((child) => child !== undefined && child !== null && child !== false))
  return node
}

export function avatar(name) {
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7)
  const node = element('span.avatar', { 'aria-hidden': true }, name.slice(0, 1).toUpperCase())
  node.style.setProperty('--hue', String(hue))
  return node
}

export function toast(text, isError = false) {
  const node = element(isError ? 'div.toast.error' : 'div.toast', {}, text)
  document.getElementById('toasts').append(node)
  window.setTimeout(() => node.remove(), 4000)
}

export const clockTime = (milliseconds) =>
  new Date(milliseconds).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
