/** Whatever a reader may take for the end of a line, not only what JavaScript splits at. */
const LINE_END = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/

export const textLines = (text: string): string[] => text.split(LINE_END)
