import type { SayInput } from '../contract'
import type { Chat, Mention } from '../state/model'
import type { World } from '../state/world'
import { mentionsInCard } from './card-view'
import { MentionList, scanMentions } from './mentions'

export interface ReceivedContent {
  msgType: string
  content: Record<string, unknown>
  mentions: Mention[]
  card?: Record<string, unknown>
}

type Node = Record<string, unknown> & { tag: string }

/** What receivers get when a person writes this. */
export function personContent(world: World, chat: Chat, input: SayInput): ReceivedContent {
  const list = new MentionList()
  const msgType = input.msgType ?? 'text'
  const given = typeof input.content === 'string' ? (JSON.parse(input.content) as unknown) : input.content
  const content = (given ?? { text: input.text ?? '' }) as Record<string, unknown>
  if (msgType === 'text') {
    const text = scanMentions(world, chat, String(content.text ?? ''), list)
    return { msgType, content: { ...content, text }, mentions: list.mentions }
  }
  if (msgType === 'post') {
    const paragraphs = ((content.content ?? []) as Node[][]).map((nodes) =>
      nodes.flatMap((node) => withMentions(world, chat, node, list))
    )
    return { msgType, content: { title: '', ...content, content: paragraphs }, mentions: list.mentions }
  }
  // A card that somebody forwards.
  if (msgType === 'interactive')
    return { msgType, content: {}, mentions: mentionsInCard(world, content).mentions, card: content }
  return { msgType, content, mentions: list.mentions }
}

/** In rich text a mention is a node of its own. */
function withMentions(world: World, chat: Chat, node: Node, list: MentionList): Node[] {
  if (node.tag === 'at') {
    const name = String(node.user_name ?? node.user_id ?? '').replace(/^@/, '')
    const key = scanMentions(world, chat, `@${name}`, list)
    return [{ tag: 'at', user_id: key, user_name: name, style: [] }]
  }
  if (node.tag !== 'text') return [node]
  const text = scanMentions(world, chat, String(node.text ?? ''), list)
  return text
    .split(/(@_user_\d+|@_all)/)
    .filter((part) => part !== '')
    .map((part) => {
      const mention = list.mentions.find(({ key }) => key === part)
      return mention ? { tag: 'at', user_id: part, user_name: mention.name, style: [] } : { ...node, text: part }
    })
}
