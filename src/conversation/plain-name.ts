/** Names are free text of others: nothing of them may be Markdown. */
export const plainName = (name: string): string => name.replace(/[*_~`[\]<>|\n]/g, ' ').trim()
