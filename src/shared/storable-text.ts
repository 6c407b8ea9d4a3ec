/**
 * The text without what PostgreSQL refuses: U+0000, and halves of surrogate pairs (which become U+FFFD). Both can be sent by
 * anybody in a message.
 */
export const storableText = (text: string): string => text.replaceAll('\u0000', '').toWellFormed()
