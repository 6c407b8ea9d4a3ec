import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Fault, SeenMessage } from '../../lark-simulator/client'
import { until } from '../until'
import { connect, found } from './cast'
import {
  WITHIN_SECONDS,
  type FaultPart,
  type Press,
  type React,
  type Redeliver,
  type Say,
  type Send,
  type Verb,
  type Verbs
} from './scenario'
import type { Sent, Stage } from './stage'

/** What a person or Lark does in a step; answers what came of it. Throws where it can not be done. */
export const actions: {
  [V in Exclude<Verb, 'expect'>]: (stage: Stage, told: Verbs[V], at: string) => Promise<unknown>
} = {
  say,
  send,
  press,
  react,
  recall: async (stage, { message }) => {
    const { by, messageId } = stage.message(message)
    await stage.simulator.recall({ userId: found(stage.cast.people, by).userId, messageId })
  },
  fault: (stage, told) => stage.simulator.addFault(faultOf(stage, told)),
  clearFaults: (stage) => stage.simulator.clearFaults(),
  redeliver,
  restart: async (stage, told) => {
    await stage.servers.restartHost(told)
    await connect(stage.servers, [...stage.cast.bots.values()])
  },
  advance: (stage, { seconds }) => stage.servers.advance(seconds * 1000)
}

async function say(stage: Stage, told: Say, at: string): Promise<unknown> {
  return utter(stage, { told, at, text: told.text, what: { text: told.text } })
}

async function send(stage: Stage, told: Send, at: string): Promise<unknown> {
  const { file, content } = told
  const bytes =
    content === undefined ? await readFile(join(dirname(stage.scenario.file), file)) : Buffer.from(content, 'utf8')
  const { key } = await stage.simulator.uploadFile({ name: file, bytes })
  const isImage = key.startsWith('img')
  const what = {
    msgType: isImage ? 'image' : 'file',
    content: isImage ? { image_key: key } : { file_key: key, file_name: file }
  }
  return utter(stage, { told, at, text: `[${file}]`, what })
}

interface Utterance {
  told: Say | Send
  at: string
  /** As the transcript shows it. */
  text: string
  what: { text?: string; msgType?: string; content?: unknown }
}

async function utter(stage: Stage, { told, at, text, what }: Utterance): Promise<Pick<Sent, 'messageId' | 'chatId'>> {
  const { by, to, id, replyTo } = told
  const { people, bots, groups } = stage.cast
  const group = groups.get(to)
  const sentAt = performance.now()
  const { messageId, chatId } = await stage.simulator.say({
    userId: found(people, by).userId,
    ...(group ? { chatId: group.chatId } : { appId: found(bots, to).app.appId }),
    ...(replyTo === undefined ? {} : { replyTo: stage.message(replyTo).messageId }),
    ...what
  })
  stage.sent.push({ id, at, by, to, text, messageId, chatId, sentAt })
  return { messageId, chatId }
}

async function press(stage: Stage, told: Press): Promise<unknown> {
  const { by, answerTo, button, form, id, withinSeconds } = told
  const isThere = ({ card }: SeenMessage): boolean =>
    card?.buttons.some(({ text, disabled }) => text === button && !disabled) ?? false
  const answer = await answerWith(stage, answerTo, { what: `button "${button}"`, isThere, withinSeconds })
  const result = await stage.simulator.press({
    userId: found(stage.cast.people, by).userId,
    messageId: answer.messageId,
    button,
    ...(form && { formValue: form })
  })
  if (id !== undefined) stage.presses.set(id, { answerTo, result })
  return result
}

async function react(stage: Stage, told: React): Promise<unknown> {
  const { by, message, answerTo, emoji, withinSeconds } = told
  const isThere = (): boolean => true
  const { messageId } =
    answerTo === undefined
      ? stage.message(String(message))
      : await answerWith(stage, answerTo, { what: 'answer', isThere, withinSeconds })
  return stage.simulator.react({ userId: found(stage.cast.people, by).userId, messageId, emoji })
}

async function answerWith(
  stage: Stage,
  id: string,
  wanted: { what: string; isThere: (answer: SeenMessage) => boolean; withinSeconds?: number }
): Promise<SeenMessage> {
  const { what, isThere, withinSeconds = WITHIN_SECONDS } = wanted
  const sent = stage.message(id)
  const look = () => stage.answersTo(sent)
  const answers = await until(withinSeconds * 1000, look, (seen) => seen.some(isThere))
  const answer = answers.find(isThere)
  if (!answer) throw new Error(`no ${what} in the answer to ${id} within ${withinSeconds} s`)
  return answer
}

async function redeliver(stage: Stage, { message, ...how }: Redeliver): Promise<void> {
  const { messageId, to } = stage.message(message)
  for (const { app } of stage.botsIn(to)) await stage.simulator.redeliver({ messageId, appId: app.appId, ...how })
}

const faultOf = (stage: Stage, { bot, ...fault }: FaultPart): Fault => ({
  ...fault,
  ...(bot === undefined ? {} : { appId: found(stage.cast.bots, bot).app.appId })
})
