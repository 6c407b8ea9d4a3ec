import { stringOf } from '../../shared'
import { Converter } from './converter'
import { labelled, lineOf, momentOf } from './fields'

const MAX_OPTIONS = 50

/** `{"chat_id": "oc_..."}` */
export const convertSharedChat: Converter = (content) => labelled('shared group', lineOf(content['chat_id']))

/** `{"user_id": "ou_..."}` */
export const convertSharedUser: Converter = (content) => labelled('shared contact', lineOf(content['user_id']))

const numberText = (value: unknown): string => (typeof value === 'number' ? String(value) : lineOf(value))

/** `{"name", "longitude", "latitude"}` */
export const convertLocation: Converter = (content) => {
  const place = [numberText(content['latitude']), numberText(content['longitude'])].filter((part) => part !== '')
  return labelled(
    'location',
    lineOf(content['name']),
    place.length === 2 ? `latitude ${place[0]}, longitude ${place[1]}` : ''
  )
}

/** `{"text": "..."}`; what is in it is not said. */
export const convertRedPacket: Converter = (content) => labelled('red packet', lineOf(content['text']))

const period = (from: string, to: string): string => {
  if (from !== '' && to !== '') return `${from} to ${to}`
  return from === '' ? to : `from ${from}`
}

/** `{"summary", "start_time", "end_time"}` */
export const convertCalendar: Converter = (content) =>
  labelled(
    'calendar event',
    lineOf(content['summary']),
    period(momentOf(content['start_time']), momentOf(content['end_time']))
  )

/** `{"topic", "start_time"}` */
export const convertVideoChat: Converter = (content) =>
  labelled('video meeting', lineOf(content['topic']), period(momentOf(content['start_time']), ''))

/** `{"topic", "options": ["..."]}` */
export const convertVote: Converter = (content) => {
  const options = Array.isArray(content['options']) ? content['options'].slice(0, MAX_OPTIONS).map(lineOf) : []
  return [labelled('vote', lineOf(content['topic'])), ...options.filter(Boolean).map((option) => `- ${option}`)].join(
    '\n'
  )
}

/** Every name in a template stands for a list, or for `{"text"}`. */
const filledBy = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(lineOf).filter(Boolean).join(', ')
  const { text } = Object(value) as { text?: unknown }
  return lineOf(typeof value === 'string' ? value : text)
}

/** `{"template": "{from_user} invited {to_chatters}", "from_user": [...], ...}` */
export const convertSystem: Converter = (content) => {
  const template = stringOf(content['template']).slice(0, 1_000)
  const text = template.replace(/\{(\w+)\}/g, (_whole, name: string) => filledBy(content[name]))
  return labelled('system message', lineOf(text))
}
