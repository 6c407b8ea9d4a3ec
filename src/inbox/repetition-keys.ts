/** The key of a message's first row; that of its nth repetition is `<first>#<n>`. */
export const baseKeyOf = (row: string): string => `split_part(${row}.dedup_key, '#', 1)`

/** A row in one of these states answers its message, or has done so. */
export const TAKEN = `'received', 'claimed', 'attached', 'answered'`
