/** Lark's names are free text: nobody is called what would read as a label, or as more than one line. */
export const labelOf = (speaker: string): string => `[${speaker.replace(/[[\]\p{Cc}\p{Zl}\p{Zp}]/gu, ' ').trim()}]`
