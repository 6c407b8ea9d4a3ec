import { labelOf } from './speaker-label'
import { RunningTurn } from './turn-row'

/** A line that would read as another speaker's begins with a space instead. */
const withoutLabels = (text: string): string => text.replace(/^\[/gm, ' [')

/**
 * What the Digital Expert reads: a person's messages in their order, without those that were recalled. Where a session has
 * several people, the speaker is named in front, and nobody can write in another one's name.
 */
export const questionText = ({ messages, options }: Pick<RunningTurn, 'messages' | 'options'>): string => {
  const texts = messages.flatMap((part) => part.text ?? [])
  const text = texts.join('\n\n')
  return options?.speaker ? `${labelOf(options.speaker)} ${withoutLabels(text)}` : text
}
