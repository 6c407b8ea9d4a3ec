/** A status of HTTP, at the start as the model providers' libraries put it, or behind a word that says so. */
const STATUS = /^\W*([45]\d\d)\b|\b(?:status(?: code)?|code|http)\W{0,3}([45]\d\d)\b/i
const CLASS = /\b[A-Z][A-Za-z]{0,40}(?:Error|Exception)\b/

/**
 * What of a failure may be logged. The sentence itself may quote what people wrote: the host gives no code beside it
 * (host-contract §4.4), and has the cause itself in its record of the execution.
 */
export const failureFacts = (sentence: string | null): { status?: string; error?: string; length: number } => {
  const [, atStart, behindWord] = STATUS.exec(sentence ?? '') ?? []
  const status = atStart ?? behindWord
  const error = CLASS.exec(sentence ?? '')?.[0]
  return { ...(status ? { status } : {}), ...(error ? { error } : {}), length: sentence?.length ?? 0 }
}
