/** The simulator's control API, through the page's own server. */
async function call(method, path, body) {
  const answer = await fetch(`/sim/_control/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body)
  })
  const text = await answer.text()
  const parsed = text ? JSON.parse(text) : undefined
  if (!answer.ok) throw new Error(parsed?.error ?? `The simulator answered ${answer.status}.`)
  return parsed
}

export const simulator = {
  chats: () => call('GET', 'chats'),
  read: (chatId) => call('GET', `chats/${encodeURIComponent(chatId)}/messages`),
  say: (input) => call('POST', 'say', input),
  react: (input) => call('POST', 'react', input),
  recall: (input) => call('POST', 'recall', input),
  press: (input) => call('POST', 'press', input)
}

/** Calls `seen` with every message that appears or changes anywhere, and `back` after each reconnection. */
export function watchMessages(seen, back) {
  const source = new EventSource('/sim/_control/stream')
  let opened = false
  source.onopen = () => {
    if (opened) back()
    opened = true
  }
  source.onmessage = ({ data }) => {
    const change = JSON.parse(data)
    if (change.message) seen(change.message)
  }
}
