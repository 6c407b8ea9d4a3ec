import { repeat } from '/vendor/lit-html/directives/repeat.js'
import { requestJson } from '../shared/http.js'
import { t } from '../shared/language.js'
import { attempt, drawing, html, nothing, render, toast } from '../shared/page.js'
import { Acts } from './acts.js'
import { Composer } from './composer.js'
import { chooseDelivery, currentDelivery, DELIVERIES } from './deliveries.js'
import { mentionable } from './mentions.js'
import { messageView } from './message-view.js'
import { chatsOf, sideView } from './side.js'
import { simulator, watchMessages } from './simulator.js'
import { Typewriter } from './typewriter.js'

const RETRY_MS = 500
/** Nearer to the end than this, the list follows what comes. */
const NEAR_THE_END = 80

const state = {
  people: [],
  bots: [],
  chats: [],
  me: undefined,
  chatId: undefined,
  replyTo: undefined,
  picking: undefined,
  delivery: 'normal',
  messages: new Map(),
  unread: new Map()
}

const draw = drawing(show)
const typewriter = new Typewriter(draw)
const acts = new Acts(state, { draw, typewriter, focus: () => composer.focus() })
const composer = new Composer({ draw, send, attach: (file) => attempt(() => acts.attach(file, currentChat())) })

const messagesOf = (chatId) => state.messages.get(chatId) ?? new Map()
const currentChat = () => chatsOf(state.me, state).find(({ chatId }) => chatId === state.chatId)

let follows = true

function show() {
  render(sideView(state, { choosePerson, chooseChat }), document.getElementById('side'))
  const chat = currentChat()
  const list = document.getElementById('messages')
  follows = !list || list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_THE_END
  render(chatView(chat), document.getElementById('chat'))
  if (follows) scrollDown()
}

const chatView = (chat) => html`
  <header class="chat-head">
    <h1>${chat?.title ?? (state.people.length > 0 ? t('noChat') : t('starting'))}</h1>
    <span class="about">${chat?.about ?? ''}</span>
    ${deliverySwitch()}
  </header>
  <ol class="messages" id="messages" aria-live="polite">
    ${chat ? messageList(chat) : nothing}
  </ol>
  ${
    chat
      ? composer.view({
          names: mentionable(chat, state),
          replyTo: state.replyTo,
          hint: chat.mode === 'topic' ? t('newTopic') : undefined,
          forget: () => acts.reply(undefined)
        })
      : nothing
  }
`

const deliverySwitch = () =>
  html`<label class="deliveries"
    >${t('deliveries')}
    <select @change=${(event) => void attempt(() => switchDelivery(event.target.value))}>
      ${DELIVERIES.map(
        (name) => html`<option value=${name} ?selected=${name === state.delivery}>${t(`delivery_${name}`)}</option>`
      )}
    </select></label
  >`

async function switchDelivery(name) {
  await chooseDelivery(name)
  state.delivery = name
  draw()
}

function messageList(chat) {
  const known = messagesOf(chat.chatId)
  const messages = chat.mode === 'topic' ? byTopic([...known.values()]) : [...known.values()]
  if (messages.length === 0) return html`<li class="empty">${t('emptyChat')}</li>`
  const myName = state.people.find(({ userId }) => userId === state.me)?.name
  return repeat(
    messages,
    ({ messageId }) => messageId,
    (message) =>
      messageView(message, {
        me: state.me,
        myName,
        quoted: message.replyTo && known.get(message.replyTo),
        inThread: chat.mode === 'topic' && message.rootId !== undefined,
        picking: state.picking === message.messageId,
        acts
      })
  )
}

/** Topics in the order of their first message, each with its replies below it. */
const byTopic = (messages) =>
  [...Map.groupBy(messages, ({ threadId, messageId }) => threadId ?? messageId).values()].flat()

const scrollDown = () => {
  const list = document.getElementById('messages')
  if (list) list.scrollTop = list.scrollHeight
}

function seen(message) {
  const known = messagesOf(message.chatId)
  const isNew = !known.has(message.messageId)
  state.messages.set(message.chatId, known.set(message.messageId, message))
  if (isNew && message.chatId !== state.chatId && message.userId !== state.me)
    state.unread.set(message.chatId, (state.unread.get(message.chatId) ?? 0) + 1)
  if (!state.chats.some(({ chatId }) => chatId === message.chatId)) void attempt(reload)
  draw()
}

async function reload() {
  const [bots, people, chats] = await Promise.all([simulator.apps(), simulator.users(), simulator.chats()])
  Object.assign(state, { bots, people, chats, delivery: await currentDelivery() })
  await Promise.all(
    chats.map(async ({ chatId }) => {
      state.messages.set(chatId, new Map((await simulator.read(chatId)).map((message) => [message.messageId, message])))
    })
  )
  draw()
}

function choosePerson(userId) {
  state.me = userId
  state.unread.clear()
  const mine = chatsOf(userId, state)
  const former = mine.find(({ chatId }) => chatId === state.chatId)
  void chooseChat((former ?? mine[0])?.chatId)
}

async function chooseChat(chatId) {
  const opened = chatId?.startsWith('new:')
    ? await attempt(() => simulator.directChat(state.me, chatId.slice('new:'.length)))
    : undefined
  if (opened) await reload()
  state.chatId = opened?.chatId ?? chatId
  state.replyTo = undefined
  state.unread.delete(state.chatId)
  show()
  scrollDown()
  composer.focus()
}

/** true when Lark has taken it. */
async function send(text) {
  const replyTo = state.replyTo?.messageId
  acts.reply(undefined)
  const said = await attempt(() =>
    simulator.say({ userId: state.me, chatId: state.chatId, text, ...(replyTo ? { replyTo } : {}) })
  )
  scrollDown()
  return said !== undefined
}

async function start() {
  const playground = await requestJson('GET', '/api/playground')
  if (playground.real) return window.location.replace('admin.html')
  if (!playground.ready) return window.setTimeout(() => void attempt(start), RETRY_MS)
  await reload()
  choosePerson(state.people[0]?.userId)
  watchMessages(seen, () => void attempt(reload))
  // What came between the first look and the watch.
  await reload()
}

show()
// An image has no height before it is there. The event does not bubble.
document.addEventListener('load', () => follows && scrollDown(), true)
void attempt(start)
window.addEventListener('error', ({ message }) => toast(message, true))
