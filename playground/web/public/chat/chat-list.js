import { avatar, element } from './element.js'

const TRANSPORTS = { long_connection: 'long connection', webhook: 'webhook' }

/** The chats of one person, direct ones first, with names as that person sees them. */
export function chatsOf(userId, { chats, bots }) {
  return chats
    .filter((chat) => chat.userIds.includes(userId))
    .map((chat) => ({ ...chat, ...titleOf(chat, bots) }))
    .sort((one, other) => Number(one.mode !== 'p2p') - Number(other.mode !== 'p2p'))
}

function titleOf(chat, bots) {
  if (chat.mode !== 'p2p')
    return {
      title: chat.name,
      about: `${chat.userIds.length} people, ${chat.appIds.length} bots; bots answer when they are mentioned`
    }
  const bot = bots.find(({ appId }) => chat.appIds.includes(appId))
  return {
    title: bot?.name ?? chat.name,
    about: bot ? `a bot, connected by ${TRANSPORTS[bot.transport]}` : '',
    badge: bot && TRANSPORTS[bot.transport]
  }
}

/** A preview needs the words of Markdown, not its signs. */
const oneLine = (text) =>
  text
    .replace(/[*_`#>|]+/g, '')
    .replace(/\s+/g, ' ')
    .trim()

export function chatList(chats, { current, lastMessages, unread, choose }) {
  return chats.map((chat) => {
    const last = lastMessages.get(chat.chatId)
    const count = unread.get(chat.chatId) ?? 0
    return element(
      'button.chat-item',
      { type: 'button', 'aria-current': chat.chatId === current, onclick: () => choose(chat.chatId) },
      avatar(chat.title),
      element('span.name', {}, chat.title),
      count > 0
        ? element('span.unread', { 'aria-label': `${count} unread` }, String(count))
        : chat.badge && element('span.badge', {}, chat.badge),
      element('span.preview', {}, last ? `${last.from}: ${last.recalled ? '(recalled)' : oneLine(last.text)}` : '')
    )
  })
}

export function peopleList(people, { me, choose }) {
  return people.map(({ userId, name }) =>
    element(
      'button.person',
      { type: 'button', role: 'radio', 'aria-checked': userId === me, onclick: () => choose(userId) },
      avatar(name),
      name
    )
  )
}
