import { Converter } from './converter'
import { isObject } from '../../shared'
import { labelled, momentOf } from './fields'
import { convertPost } from './post'

/** `{"task_id", "summary": {"title", "content": [[...]]}, "due_time"}`: the summary is a post. */
export const convertTodo: Converter = (content, context) => {
  const due = momentOf(content['due_time'])
  const summary = isObject(content['summary']) ? convertPost(content['summary'], context).trim() : ''
  return [labelled('task', due === '' ? '' : `due ${due}`), summary].filter(Boolean).join('\n')
}
