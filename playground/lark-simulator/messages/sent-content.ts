import { foreignLinksIn } from '../cards/markdown-scan'
import type { App, Mention, Mentioned, StoredFile } from '../state/model'
import type { World } from '../state/world'
import { larkError } from '../wire/error-codes'
import { MentionList } from './mentions'

export interface SentContent {
  content: Record<string, unknown>
  mentions: Mention[]
}

type Node = Record<string, unknown> & { tag?: string }

const POST_TAGS = new Set(['text', 'a', 'at', 'img', 'media', 'emotion', 'code_block', 'hr', 'md'])
const RESOURCE_KEYS: Record<string, string> = {
  image: 'image_key',
  file: 'file_key',
  audio: 'file_key',
  media: 'file_key',
  sticker: 'file_key'
}

/** Checks what a bot sends (cards apart) and brings it into the form that receivers get. */
export function sentContent(world: World, app: App, msgType: string, content: Record<string, unknown>): SentContent {
  if (msgType === 'text') return sentText(world, app, content)
  if (msgType === 'post') return sentPost(world, app, content)
  const keyName = RESOURCE_KEYS[msgType]
  if (keyName) checkType(checkResource(world, app, String(content[keyName] ?? ''), keyName), msgType)
  else if (!['share_chat', 'share_user', 'system'].includes(msgType))
    throw larkError(230001, `invalid msg_type ${msgType}`)
  return { content, mentions: [] }
}

function sentText(world: World, app: App, content: Record<string, unknown>): SentContent {
  if (typeof content.text !== 'string' || content.text === '') throw larkError(230001, 'text content is empty')
  const list = new MentionList()
  const withoutStyle = content.text.replace(/<\/?[bius]>/g, '')
  const text = withoutStyle.replace(/<at\s+user_id="([^"]*)"\s*>(.*?)<\/at>/gs, (_all, id: string) =>
    mentionKey(world, app, id, list)
  )
  return { content: { text }, mentions: list.mentions }
}

function mentionKey(world: World, app: App, id: string, list: MentionList): string {
  if (id === 'all') return '@_all'
  const target = findMentioned(world, app, id)
  if (!target) throw larkError(230001, `invalid at user ${id}`)
  const name = target.kind === 'user' ? world.user(target.userId).name : world.app(target.appId).name
  return list.add(target, name)
}

function findMentioned(world: World, app: App, id: string): Mentioned | undefined {
  const byOpenId = world.findOpenId(id)
  if (byOpenId) return byOpenId.appId === app.appId ? byOpenId.subject : undefined
  const user = [...world.users.values()].find(({ userId, unionId }) => userId === id || unionId === id)
  return user && { kind: 'user', userId: user.userId }
}

/** Sending wants a locale around the post; receivers get it without. */
function sentPost(world: World, app: App, content: Record<string, unknown>): SentContent {
  const locale = content.zh_cn ?? content.en_us ?? Object.values(content)[0]
  const post = locale as { title?: string; content?: Node[][] } | undefined
  if (!post || !Array.isArray(post.content)) throw larkError(230001, 'invalid post content: locale is missing')
  const list = new MentionList()
  const paragraphs = post.content.map((nodes) => {
    if (!Array.isArray(nodes)) throw larkError(230001, 'invalid post content: a paragraph is a list')
    return nodes.map((node) => sentNode(world, app, node, { alone: nodes.length === 1, list }))
  })
  return { content: { title: post.title ?? '', content: paragraphs }, mentions: list.mentions }
}

function sentNode(world: World, app: App, node: Node, place: { alone: boolean; list: MentionList }): Node {
  if (!node || !POST_TAGS.has(node.tag ?? '')) throw larkError(230001, `invalid post tag ${String(node?.tag)}`)
  if (node.tag === 'md' && !place.alone) throw larkError(230001, 'a md node must be its own paragraph')
  if (node.tag === 'img') checkResource(world, app, String(node.image_key ?? ''), 'image_key')
  if (node.tag === 'md' && foreignLinksIn(String(node.text ?? '')).length > 0)
    throw larkError(230001, 'scheme not in scheme whitelist')
  if (node.tag === 'a' && !/^https?:\/\//i.test(String(node.href ?? '')))
    throw larkError(230001, 'scheme not in scheme whitelist')
  if (node.tag !== 'at') return node
  const key = mentionKey(world, app, String(node.user_id ?? ''), place.list)
  const name = place.list.mentions.find((mention) => mention.key === key)?.name
  return { tag: 'at', user_id: key, user_name: name, style: node.style ?? [] }
}

/** An upload as mp4 is sent as media, one as opus as audio, every other as file. */
function checkType({ fileType }: StoredFile, msgType: string): void {
  const wanted = fileType === 'mp4' ? 'media' : fileType === 'opus' ? 'audio' : 'file'
  if (['file', 'audio', 'media'].includes(msgType) && msgType !== wanted) throw larkError(230055)
}

function checkResource(world: World, app: App, key: string, keyName: string): StoredFile {
  const file = world.files.get(key)
  if (!file) throw larkError(230001, `invalid ${keyName}`)
  if (file.appId !== app.appId) throw larkError(230017)
  if ((keyName === 'image_key') !== (file.kind === 'image')) throw larkError(230055)
  return file
}
