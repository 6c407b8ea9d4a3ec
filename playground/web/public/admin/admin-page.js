import { requestJson } from '../shared/http.js'
import { t } from '../shared/language.js'
import { attempt, drawing, html, languageSwitch, nothing, render, toast } from '../shared/page.js'
import { ConsolePage } from './console-page.js'
import { ExpertPage } from './expert-page.js'
import { host, USERS } from './host.js'
import { IntegrationPage } from './integration-page.js'

const RETRY_MS = 500
const READ_EVERY_MS = 2500

const PAGES = { integration: IntegrationPage, expert: ExpertPage, console: ConsolePage }

const state = {
  real: false,
  integrations: [],
  experts: [],
  kind: undefined,
  id: undefined,
  page: undefined,
  opening: undefined,
  trouble: ''
}
const draw = drawing(show)

function show() {
  render(headView(), document.getElementById('head'))
  render(sideView(), document.getElementById('side'))
  render(state.page?.view() ?? html`<p class="dim">${t('starting')}</p>`, document.getElementById('page'))
}

const headView = () =>
  html`<img src="icon.svg" alt="" width="24" height="24" />
    <h1>${t('admin')}</h1>
    <span class="about">${state.trouble}</span>
    <label class="about"
      >${t('signedInAs')}
      <select id="user" @change=${(event) => void signIn(event.target.value)}>
        ${USERS.map((user) => html`<option ?selected=${user === host.user}>${user}</option>`)}
      </select></label
    >
    ${state.real ? nothing : html`<a href="./">${t('chat')}</a>`} ${languageSwitch()}`

const sideView = () =>
  html`${list('integrations', 'integration', state.integrations, 'newIntegration')}
  ${list('experts', 'expert', state.experts, 'newExpert')}
  ${
    state.real
      ? nothing
      : html`<h2>Lark</h2>
          ${link('#/console', t('console'), state.kind === 'console')}`
  }`

const list = (title, kind, items, create) =>
  html`<h2>${t(title)}</h2>
    ${items.map(({ id, name }) => link(`#/${kind}/${id}`, name, state.kind === kind && state.id === id))}
    ${link(`#/${kind}/new`, `＋ ${t(create)}`, state.kind === kind && state.id === 'new')}`

const link = (href, text, isCurrent) => html`<a class="entry" href=${href} aria-current=${isCurrent}>${text}</a>`

async function readLists() {
  const allowed = (work) => work.catch((error) => (error.status === 403 ? [] : Promise.reject(error)))
  const [integrations, experts] = await Promise.all([allowed(host.integrations()), allowed(host.experts())])
  Object.assign(state, { integrations, experts })
}

/** `#/integration/ID`, `#/expert/ID`, `#/console`; `new` instead of an id. */
async function openPage() {
  const [, kind = '', id] = window.location.hash.split('/')
  const first = state.integrations[0]
  if (!PAGES[kind]) return window.location.replace(first ? `#/integration/${first.id}` : '#/integration/new')
  const page = new PAGES[kind]({ draw, open: (hash) => window.location.assign(hash) })
  // Shown once it is whole: what is still to come would move the buttons from under the pointer.
  Object.assign(state, { kind, id, page: undefined, opening: page })
  draw()
  await attempt(async () => {
    await readLists()
    await page.load(id === 'new' ? undefined : id)
  })
  if (state.opening !== page) return
  state.page = page
  draw()
}

async function signIn(user) {
  host.signIn(user)
  await attempt(readLists)
  await openPage()
}

async function keepReading() {
  const { page } = state
  try {
    await readLists()
    await page?.refresh()
    state.trouble = ''
  } catch (error) {
    state.trouble = error.status === 403 ? t('noRights') : error.status ? error.message : t('notReachable')
  }
  draw()
  window.setTimeout(() => void keepReading(), READ_EVERY_MS)
}

async function start() {
  const { ready, real } = await requestJson('GET', '/api/playground')
  if (!ready) return window.setTimeout(() => void attempt(start), RETRY_MS)
  state.real = real
  window.addEventListener('hashchange', () => void openPage())
  await readLists()
  await openPage()
  void keepReading()
}

show()
void attempt(start)
window.addEventListener('error', ({ message }) => toast(message, true))
