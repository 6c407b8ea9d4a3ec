import { avatar, clockTime, element } from './element.js'
import { renderMarkdown } from './markdown.js'

const EMOJI = {
  THUMBSUP: '👍',
  OK: '👌',
  HEART: '❤️',
  SMILE: '🙂',
  LAUGH: '😄',
  OnIt: '🫡',
  Typing: '⌨️',
  DONE: '✅',
  CheckMark: '✅',
  Get: '👀',
  CrossMark: '❌',
  THINKING: '🤔',
  OneSecond: '⏳',
  APPLAUSE: '👏',
  PRAISE: '🌟',
  ERROR: '❗',
  Alarm: '⏰',
  HOURGLASS: '⏳'
}

/** One message as a list item. `acts` = { press, reply, react, recall }, each called with the message (and the button). */
export function messageView(message, { me, quoted, acts }) {
  const mine = message.userId === me
  return element(
    mine ? 'li.message.mine' : 'li.message',
    { 'data-id': message.messageId },
    avatar(message.from),
    element(
      'div.who',
      {},
      element('span', {}, message.from),
      element('time', {}, clockTime(message.createTime)),
      message.editCount > 0 && message.type !== 'interactive' && element('span', {}, 'edited'),
      !message.recalled && actionLinks(message, mine, acts)
    ),
    quoted && element('div.quote', {}, `${quoted.from}: ${quoted.text}`),
    body(message, acts),
    reactions(message)
  )
}

function actionLinks(message, mine, acts) {
  return element(
    'span.acts',
    {},
    element('button', { type: 'button', onclick: () => acts.reply(message) }, 'Reply'),
    element('button', { type: 'button', onclick: () => acts.react(message) }, '👍'),
    mine && element('button', { type: 'button', onclick: () => acts.recall(message) }, 'Recall')
  )
}

function body(message, acts) {
  if (message.recalled) return element('div.bubble.recalled', {}, `${message.from} recalled a message`)
  if (!message.card) return element('div.bubble', {}, message.text)
  const { card } = message
  return element(
    card.streaming ? 'div.bubble.card.streaming' : 'div.bubble.card',
    {},
    card.title && element('div.card-title', {}, card.title),
    ...card.markdown.map(markdownView),
    card.buttons.length > 0 &&
      element('div.card-buttons', {}, ...card.buttons.map((button) => buttonView(message, button, acts)))
  )
}

function markdownView(text) {
  const node = element('div.markdown')
  node.innerHTML = renderMarkdown(text)
  return node
}

const buttonView = (message, button, acts) =>
  element(
    'button',
    { type: 'button', disabled: button.disabled === true, onclick: () => acts.press(message, button) },
    button.text
  )

function reactions({ reactions: all }) {
  if (all.length === 0) return undefined
  const byEmoji = new Map()
  for (const { emoji, by } of all) byEmoji.set(emoji, [...(byEmoji.get(emoji) ?? []), by])
  return element(
    'div.reactions',
    {},
    ...[...byEmoji].map(([emoji, people]) =>
      element('span.reaction', { title: emoji }, `${EMOJI[emoji] ?? emoji} ${people.join(', ')}`)
    )
  )
}
