import { stringOf } from '../../shared'
import { Converter } from './converter'

/** `{"text": "@_user_1 hello"}` */
export const convertText: Converter = (content, { withMentions }) => withMentions(stringOf(content['text']))
