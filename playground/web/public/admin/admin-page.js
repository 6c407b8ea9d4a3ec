import { element, toast } from '../chat/element.js'

const READ_EVERY_MS = 2000
const GOOD = new Set(['answered', 'success', 'completed', 'done'])
const BAD = new Set(['failed', 'error', 'dead', 'lost'])

const time = (value) => (value ? new Date(value).toLocaleTimeString() : '')
const took = (from, to) => (from && to ? `${((new Date(to) - new Date(from)) / 1000).toFixed(2)} s` : '')

const SECTIONS = [
  {
    title: 'Integrations',
    rows: ({ integrations }) => integrations,
    columns: { name: ['name'], provider: ['provider'], id: ['id', 'id'], created: [(row) => time(row.createdAt)] }
  },
  {
    title: 'Digital Experts',
    rows: ({ experts }) => experts,
    columns: { name: ['name'], id: ['id', 'id'], runs: [(row) => String(row.runs.length)] }
  },
  {
    title: 'Runs',
    rows: ({ experts }) =>
      experts
        .flatMap(({ name, runs }) => runs.map((run) => ({ ...run, expert: name })))
        .sort((a, b) => new Date(b.startedAt) - new Date(a.startedAt)),
    columns: {
      started: [(row) => time(row.startedAt)],
      expert: ['expert'],
      input: ['input'],
      status: ['status', 'state'],
      took: [(row) => took(row.startedAt, row.endedAt)],
      instance: ['instance'],
      conversation: ['conversationId', 'id'],
      run: ['id', 'id']
    }
  },
  {
    title: 'Inbox',
    rows: ({ inbox }) => inbox,
    columns: {
      received: [(row) => time(row.received_at)],
      state: ['state', 'state'],
      reason: ['reason'],
      event: ['event_type'],
      attempts: ['attempts'],
      took: [(row) => took(row.received_at, row.ended_at)],
      message: ['message_id', 'id'],
      chat: ['chat_id', 'id'],
      sender: ['sender_id', 'id']
    }
  }
]

function cell(row, [read, kind]) {
  const value = typeof read === 'function' ? read(row) : row[read]
  const text = value === null || value === undefined ? '' : String(value)
  const look = kind === 'state' ? (GOOD.has(text) ? '.good' : BAD.has(text) ? '.bad' : '') : kind === 'id' ? '.id' : ''
  return element(`td${look}`, { title: text }, text)
}

function table({ rows, columns }, data) {
  const all = rows(data)
  if (all.length === 0) return element('div.table', {}, element('div.none', {}, 'Nothing yet'))
  return element(
    'div.table',
    {},
    element(
      'table',
      {},
      element('thead', {}, element('tr', {}, ...Object.keys(columns).map((name) => element('th', {}, name)))),
      element(
        'tbody',
        {},
        ...all.map((row) => element('tr', {}, ...Object.values(columns).map((column) => cell(row, column))))
      )
    )
  )
}

let shown = ''

async function read() {
  try {
    const answer = await fetch('/api/admin')
    const text = await answer.text()
    const data = JSON.parse(text)
    document.getElementById('state').textContent = answer.ok ? 'live' : data.error
    if (!answer.ok || text === shown) return
    shown = text
    document
      .getElementById('sections')
      .replaceChildren(
        ...SECTIONS.map((section) => element('section', {}, element('h2', {}, section.title), table(section, data)))
      )
  } catch (error) {
    document.getElementById('state').textContent = 'not reachable'
    if (!(error instanceof TypeError)) toast(error.message, true)
  } finally {
    window.setTimeout(() => void read(), READ_EVERY_MS)
  }
}

void read()
