import { requestJson } from '../shared/http.js'

/** The simulator's control API, through the page's own server. */
const call = (method, path, body) => requestJson(method, `/sim/_control/${path}`, { body })

export const fileUrl = (key) => `/sim/_control/files/${encodeURIComponent(key)}`

export const simulator = {
  apps: () => call('GET', 'apps'),
  createApp: (input) => call('POST', 'apps', input),
  updateApp: (appId, patch) => call('POST', `apps/${appId}`, patch),
  verifyWebhook: (appId) => call('POST', `apps/${appId}/verify-webhook`),
  users: () => call('GET', 'users'),
  chats: () => call('GET', 'chats'),
  directChat: (userId, appId) => call('POST', 'chats/direct', { userId, appId }),
  read: (chatId) => call('GET', `chats/${encodeURIComponent(chatId)}/messages`),
  say: (input) => call('POST', 'say', input),
  upload: (name, base64) => call('POST', 'files', { name, base64 }),
  react: (input) => call('POST', 'react', input),
  recall: (input) => call('POST', 'recall', input),
  press: (input) => call('POST', 'press', input),
  faults: () => call('GET', 'faults'),
  addFault: (fault) => call('POST', 'faults', fault),
  clearFaults: () => call('DELETE', 'faults')
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
