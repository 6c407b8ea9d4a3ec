import { t } from '../shared/language.js'
import { avatar, clockTime, html, nothing } from '../shared/page.js'
import { cardView } from './card-view.js'
import { fileUrl } from './simulator.js'

export const EMOJI = {
  THUMBSUP: '👍',
  OK: '👌',
  HEART: '❤️',
  SMILE: '🙂',
  APPLAUSE: '👏',
  DONE: '✅'
}

/** Those that bots add, or that the picker does not offer. */
const MORE_EMOJI = {
  LAUGH: '😄',
  OnIt: '🫡',
  Typing: '⌨️',
  CheckMark: '✅',
  Get: '👀',
  CrossMark: '❌',
  THINKING: '🤔',
  OneSecond: '⏳',
  PRAISE: '🌟',
  ERROR: '❗',
  Alarm: '⏰',
  HOURGLASS: '⏳'
}

/** One message as a list item. `acts` = { press, type, reply, react, pick, recall }. */
export function messageView(message, { me, myName, quoted, inThread, picking, acts }) {
  const isMine = message.userId === me
  return html`<li
    class="message ${isMine ? 'mine' : ''} ${inThread ? 'in-thread' : ''}"
    data-id=${message.messageId}
    data-bot=${message.fromBot}
    data-streaming=${message.card?.streaming === true}
  >
    ${avatar(message.from)}
    <div class="who">
      <span>${message.from}</span>
      <time>${clockTime(message.createTime)}</time>
      ${message.editCount > 0 && message.type !== 'interactive' ? html`<span>${t('edited')}</span>` : nothing}
      ${message.recalled ? nothing : links(message, { isMine, picking, acts })}
    </div>
    ${quoted ? html`<div class="quote">${quoted.from}: ${quoted.text}</div>` : nothing} ${body(message, acts)}
    ${reactions(message, { myName, acts })}
  </li>`
}

const links = (message, { isMine, picking, acts }) =>
  html`<span class="acts">
    <button type="button" @click=${() => acts.reply(message)}>${t('reply')}</button>
    <button type="button" aria-expanded=${picking} @click=${() => acts.pick(message)}>${t('react')}</button>
    ${isMine ? html`<button type="button" @click=${() => acts.recall(message)}>${t('recall')}</button>` : nothing}
    ${
      picking
        ? html`<span class="picker"
            >${Object.entries(EMOJI).map(
              ([emoji, sign]) =>
                html`<button type="button" title=${emoji} @click=${() => acts.react(message, emoji)}>${sign}</button>`
            )}</span
          >`
        : nothing
    }
  </span>`

function body(message, acts) {
  if (message.recalled) return html`<div class="bubble recalled">${t('recalled', { name: message.from })}</div>`
  if (message.card) return cardView(message, acts)
  const files = message.files ?? []
  const onlyFiles = files.length > 0 && ['image', 'file', 'media', 'audio'].includes(message.type)
  return html`${onlyFiles ? nothing : html`<div class="bubble">${message.text}</div>`} ${files.map(fileView)}`
}

const fileView = ({ key, name, kind, size }) =>
  kind === 'image'
    ? html`<a class="picture" href=${fileUrl(key)} target="_blank"><img src=${fileUrl(key)} alt=${name} /></a>`
    : html`<a class="file" href=${fileUrl(key)} download=${name}
        ><strong>${name}</strong><span>${sizeText(size)}</span></a
      >`

const sizeText = (bytes) =>
  bytes < 1024
    ? `${bytes} B`
    : bytes < 1024 ** 2
      ? `${(bytes / 1024).toFixed(1)} KB`
      : `${(bytes / 1024 ** 2).toFixed(1)} MB`

function reactions(message, { myName, acts }) {
  if (message.reactions.length === 0) return nothing
  const byEmoji = Map.groupBy(message.reactions, ({ emoji }) => emoji)
  return html`<div class="reactions">
    ${[...byEmoji].map(([emoji, given]) => {
      const names = given.map(({ by }) => by)
      return html`<button
        type="button"
        class="reaction"
        title=${emoji}
        @click=${() => acts.react(message, emoji, names.includes(myName))}
      >
        ${EMOJI[emoji] ?? MORE_EMOJI[emoji] ?? emoji} ${names.join(', ')}
      </button>`
    })}
  </div>`
}
