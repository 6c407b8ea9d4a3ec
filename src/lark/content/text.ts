import { Converter } from './converter'

/** `{"text": "@_user_1 hello"}` */
export const convertText: Converter = (content, { withMentions }) =>
  typeof content['text'] === 'string' ? withMentions(content['text']) : ''
