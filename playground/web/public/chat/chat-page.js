import { chatList, chatsOf, peopleList } from './chat-list.js'
import { element, toast } from './element.js'
import { messageView } from './message-view.js'
import { simulator, watchMessages } from './simulator.js'

const $ = (id) => document.getElementById(id)
const RETRY_MS = 500

const state = {
  people: [],
  bots: [],
  chats: [],
  me: undefined,
  chatId: undefined,
  replyTo: undefined,
  messages: new Map(),
  unread: new Map()
}

const messagesOf = (chatId) => state.messages.get(chatId) ?? new Map()
const currentChat = () => chatsOf(state.me, state).find(({ chatId }) => chatId === state.chatId)

async function attempt(work) {
  try {
    await work()
  } catch (error) {
    toast(error.message, true)
  }
}

const acts = {
  press: (message, button) =>
    attempt(async () => {
      const result = await simulator.press({
        userId: state.me,
        messageId: message.messageId,
        button: button.elementId ?? button.name ?? button.text
      })
      if (result.toast) toast(result.toast.content, result.toast.type === 'error')
      else if (result.errorCode) toast(`The client shows error ${result.errorCode}.`, true)
    }),
  react: (message) =>
    attempt(() => simulator.react({ userId: state.me, messageId: message.messageId, emoji: 'THUMBSUP' })),
  recall: (message) => attempt(() => simulator.recall({ userId: state.me, messageId: message.messageId })),
  reply: (message) => {
    state.replyTo = message
    showHints()
    $('text').focus()
  }
}

const view = (message) =>
  messageView(message, {
    me: state.me,
    quoted: message.replyTo && messagesOf(message.chatId).get(message.replyTo),
    acts
  })

function showSide() {
  $('people').replaceChildren(...peopleList(state.people, { me: state.me, choose: choosePerson }))
  const lastMessages = new Map([...state.messages].map(([chatId, messages]) => [chatId, [...messages.values()].at(-1)]))
  $('chats').replaceChildren(
    ...chatList(chatsOf(state.me, state), {
      current: state.chatId,
      lastMessages,
      unread: state.unread,
      choose: chooseChat
    })
  )
}

function showChat() {
  const chat = currentChat()
  $('chat-name').textContent = chat?.title ?? 'No chat'
  $('chat-about').textContent = chat?.about ?? ''
  $('composer').hidden = !chat
  const messages = [...messagesOf(state.chatId).values()]
  $('messages').replaceChildren(
    ...(messages.length > 0 ? messages.map(view) : [element('li.empty', {}, 'Nothing here yet. Say something.')])
  )
  scrollDown()
  showHints()
}

function showHints() {
  const chat = currentChat()
  const mentions = chat && chat.mode !== 'p2p' ? state.bots.filter(({ appId }) => chat.appIds.includes(appId)) : []
  const reply =
    state.replyTo &&
    element(
      'span',
      {},
      `Replying to ${state.replyTo.from} `,
      element(
        'button',
        {
          type: 'button',
          onclick: () => {
            state.replyTo = undefined
            showHints()
          }
        },
        'Cancel'
      )
    )
  $('hints').replaceChildren(
    ...(reply ? [reply] : []),
    ...mentions.map(({ name }) => element('button', { type: 'button', onclick: () => mention(name) }, `@${name}`))
  )
}

function mention(name) {
  const box = $('text')
  box.value = `${box.value}${box.value && !box.value.endsWith(' ') ? ' ' : ''}@${name} `
  box.focus()
}

const scrollDown = () => {
  $('messages').scrollTop = $('messages').scrollHeight
}

/** A new or changed message: only its own item is drawn again. */
function seen(message) {
  const known = messagesOf(message.chatId)
  const isNew = !known.has(message.messageId)
  state.messages.set(message.chatId, known.set(message.messageId, message))
  if (message.chatId !== state.chatId) {
    if (isNew && message.userId !== state.me)
      state.unread.set(message.chatId, (state.unread.get(message.chatId) ?? 0) + 1)
    if (!state.chats.some(({ chatId }) => chatId === message.chatId)) void attempt(reload)
  } else {
    const list = $('messages')
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80
    const item = list.querySelector(`[data-id="${message.messageId}"]`)
    if (item) item.replaceWith(view(message))
    else {
      list.querySelector('.empty')?.remove()
      list.append(view(message))
    }
    if (atEnd || message.userId === state.me) scrollDown()
  }
  showSide()
}

async function reload() {
  state.chats = await simulator.chats()
  await Promise.all(
    state.chats.map(async ({ chatId }) => {
      state.messages.set(chatId, new Map((await simulator.read(chatId)).map((message) => [message.messageId, message])))
    })
  )
  showSide()
  showChat()
}

function choosePerson(userId) {
  state.me = userId
  state.unread.clear()
  const mine = chatsOf(userId, state)
  const former = mine.find(({ chatId }) => chatId === state.chatId)
  chooseChat((former ?? mine[0])?.chatId)
}

function chooseChat(chatId) {
  state.chatId = chatId
  state.replyTo = undefined
  state.unread.delete(chatId)
  showSide()
  showChat()
  $('text').focus()
}

async function send() {
  const text = $('text').value.trim()
  if (!text) return
  const replyTo = state.replyTo?.messageId
  $('text').value = ''
  state.replyTo = undefined
  showHints()
  try {
    await simulator.say({ userId: state.me, chatId: state.chatId, text, ...(replyTo ? { replyTo } : {}) })
  } catch (error) {
    $('text').value ||= text
    throw error
  }
}

async function start() {
  const playground = await (await fetch('/api/playground')).json()
  if (!playground.ready) return window.setTimeout(() => void attempt(start), RETRY_MS)
  Object.assign(state, { people: playground.people, bots: playground.bots })
  state.chats = await simulator.chats()
  choosePerson(state.people[0]?.userId)
  watchMessages(seen, () => void attempt(reload))
  await reload()
}

$('composer').addEventListener('submit', (event) => {
  event.preventDefault()
  void attempt(send)
})
$('text').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
  event.preventDefault()
  void attempt(send)
})
void attempt(start)
