import { CardView } from './card-renderer'
import { FilesBehind, unsentText } from './file-messages'

/**
 * The text of an answer that was not delivered. Where that is unknown, its card says it when Lark answers again: the note stands
 * in it then, and which files do not come any more.
 */
export const keptText = (
  { markdown, note }: Pick<CardView, 'markdown' | 'note'>,
  reason: string,
  behind?: FilesBehind
): string => {
  if (reason !== 'delivery_unknown') return markdown
  const unsent = behind
    ? unsentText(
        behind.files.map(({ name }) => name),
        behind.language
      )
    : ''
  return [markdown, note ?? '', unsent].filter((part) => part !== '').join('\n\n')
}
