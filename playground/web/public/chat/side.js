import { t } from '../shared/language.js'
import { avatar, html, languageSwitch, nothing } from '../shared/page.js'

/** The chats of one person, direct ones first, with names as that person sees them. A bot without a chat has one to open. */
export function chatsOf(me, { chats, bots }) {
  const mine = chats.filter((chat) => chat.userIds.includes(me))
  const isKnown = (bot) => mine.some((chat) => chat.mode === 'p2p' && chat.appIds.includes(bot.appId))
  const unopened = bots
    .filter((bot) => !isKnown(bot))
    .map(({ appId }) => ({ chatId: `new:${appId}`, mode: 'p2p', name: '', userIds: [me], appIds: [appId] }))
  return [...mine, ...unopened]
    .map((chat) => ({ ...chat, ...titleOf(chat, bots) }))
    .sort((one, other) => Number(one.mode !== 'p2p') - Number(other.mode !== 'p2p'))
}

function titleOf(chat, bots) {
  if (chat.mode !== 'p2p') {
    const sizes = { people: chat.userIds.length, bots: chat.appIds.length }
    return { title: chat.name, about: t(chat.mode === 'topic' ? 'topicAbout' : 'groupAbout', sizes) }
  }
  const bot = bots.find(({ appId }) => chat.appIds.includes(appId))
  if (!bot) return { title: chat.name, about: '' }
  return { title: bot.name, about: t('botAbout', { transport: t(bot.transport) }), badge: t(bot.transport) }
}

/** A preview needs the words of Markdown, not its signs. */
const oneLine = (text) =>
  text
    .replace(/[*_`#>|]+/g, '')
    .replace(/\s+/g, ' ')
    .trim()

export function sideView(state, { choosePerson, chooseChat }) {
  return html`<header class="side-head">
      <img src="icon.svg" alt="" width="24" height="24" />
      <strong>Lark</strong>
      <a href="admin.html">${t('admin')}</a>
      ${languageSwitch()}
    </header>
    <h2>${t('youAre')}</h2>
    <div class="people" role="radiogroup" aria-label=${t('youAre')}>
      ${state.people.map(
        ({ userId, name }) =>
          html`<button
            type="button"
            role="radio"
            class="person"
            aria-checked=${userId === state.me}
            @click=${() => choosePerson(userId)}
          >
            ${avatar(name)}${name}
          </button>`
      )}
    </div>
    <h2>${t('chats')}</h2>
    <nav class="chats" aria-label=${t('chats')}>
      ${chatsOf(state.me, state).map((chat) => chatItem(chat, state, chooseChat))}
    </nav>`
}

function chatItem(chat, state, chooseChat) {
  const last = [...(state.messages.get(chat.chatId)?.values() ?? [])].at(-1)
  const count = state.unread.get(chat.chatId) ?? 0
  return html`<button
    type="button"
    class="chat-item"
    aria-current=${chat.chatId === state.chatId}
    @click=${() => chooseChat(chat.chatId)}
  >
    ${avatar(chat.title)}
    <span class="name">${chat.title}</span>
    ${
      count > 0
        ? html`<span class="unread" aria-label=${t('unread', { count })}>${count}</span>`
        : chat.badge
          ? html`<span class="badge">${chat.badge}</span>`
          : nothing
    }
    <span class="preview"
      >${last ? `${last.from}: ${last.recalled ? t('recalledShort') : oneLine(last.text)}` : ''}</span
    >
  </button>`
}
