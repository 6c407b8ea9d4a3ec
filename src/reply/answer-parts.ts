import { cardMarkdown, withinTableBudget } from './card-markdown'
import { nestedBytes, splitMarkdown } from './split-markdown'

/** Lark refuses a card or post above 30 KB (lark-platform §5.2); buttons, note and approval need room too. */
const SPLIT_BYTES = 22_000
const MAX_PART_BYTES = 25_000

/** What the request of an approval may weigh: with its buttons a card of its own. */
export const MAX_APPROVAL_BYTES = 24_000

/** Tables as code weigh more than tables: a part that no longer fits is split again, smaller. */
const fitting = (markdown: string, limit: number): string[] =>
  splitMarkdown(markdown, limit, nestedBytes).flatMap((part) => {
    const shown = withinTableBudget(part)
    return nestedBytes(shown) <= MAX_PART_BYTES ? [shown] : fitting(part, Math.floor(limit / 2))
  })

/** An answer as the texts of the cards that show it; one, mostly. What is in front does not change as the answer grows. */
export const answerParts = (markdown: string): string[] => {
  // Once more: where a block of code is opened again, what is code may be read in another way, or a line may end with what begins a mention.
  const parts = fitting(cardMarkdown(markdown), SPLIT_BYTES).map(cardMarkdown)
  return parts.length === 0 ? [''] : parts
}

/** An approval that has no room below the last of the texts stands on a card of its own. */
export const partsWith = (approval: string | undefined, markdown: string): string[] => {
  const parts = answerParts(markdown)
  const fits = !approval || nestedBytes(parts.at(-1)!) + nestedBytes(approval) <= MAX_PART_BYTES
  return fits ? parts : [...parts, '']
}
