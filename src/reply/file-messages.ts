import { Injectable } from '@nestjs/common'
import { Language, say } from '../i18n'
import { faultOf, LarkApi, LarkApiError, LarkApis, LarkApp } from '../lark'
import { Clock, Log } from '../shared'
import { withoutMentions } from './card-markdown'
import { idsOf, isRepeatable, repeatUntilDefinite, replyOnce, ReplyTarget, UUID_MS } from './delivery'
import { HeldReply } from './held-reply'
import { ReplyLedger } from './reply-ledger.repository'

/** So long the next answer of a session waits for the files of one that is there. */
const FILES_MS = 10 * 60_000

/** One that Lark has. */
export interface FileBehind {
  /** Its reference's place among those of the text: the same at each look, whichever files Lark has by then. */
  place: number
  fileKey: string
  name: string
}

/** One that Lark does not have. */
export type LostFile = Pick<FileBehind, 'place' | 'name'> & { error: unknown }

export interface FilesBehind {
  /** Whose files they are: another one's are other messages. */
  attempt: string
  files: readonly FileBehind[]
  /** A text that is not shown yet names them; one that is shown may have announced them. */
  lost: readonly LostFile[]
  /** Somebody asked to stop the answer: nothing waits for its files any more. */
  isStopRequested: boolean
  /** Of who asked. */
  language: Language
}

/** A line for each. */
export const unsentText = (names: readonly string[], language: Language): string =>
  names.map((name) => say('fileNotSent', language, { name })).join('\n')

/** The files of an answer: a message each, behind it and in the same place. */
@Injectable()
export class FileMessages {
  private readonly log = new Log('reply')

  constructor(
    private readonly apis: LarkApis,
    private readonly ledger: ReplyLedger,
    private readonly clock: Clock
  ) {}

  /**
   * Sends the files of an answer that is there; a repeated call is the same messages, by their `uuid`. What Lark does not take,
   * and what the shown text announces and Lark does not have any more, is said to the person. Throws a repeatable
   * `LarkApiError` while Lark's word is not definite, to be called again; not where somebody asked to stop the answer, or where
   * it waits for a person, who can not decide before. Throws `LeaseLostError`.
   */
  async send(app: LarkApp, target: ReplyTarget, held: HeldReply, behind: FilesBehind): Promise<void> {
    const lost = behind.lost.filter(({ place }) => held.filesBehind.includes(place))
    if (behind.files.length + lost.length === 0) return
    const now = this.clock.now()
    const age = now.getTime() - (held.lastFrameAt ?? now).getTime()
    if (age >= UUID_MS) {
      this.log.error('it stays unknown whether the files of an answer were sent', idsOf(target))
      return
    }
    const api = this.apis.for(app, 'answer', () => this.ledger.prove(held))
    const sending = await this.sendAll(api, target, behind)
    const mayWait = held.phase !== 'waiting' && !behind.isStopRequested
    const doubt = sending.doubt ?? lost.map(({ error }) => error).find(isDoubt)
    if (doubt && mayWait && age < FILES_MS) await this.putOff(held, doubt)
    const missing = [...sending.unsent, ...lost.map(({ name }) => name)]
    if (missing.length === 0) return
    try {
      await this.tell(api, target, behind, missing)
    } catch (error) {
      if (!(error instanceof LarkApiError)) throw error
      if (mayWait && isRepeatable(error)) await this.putOff(held, error)
      this.log.error('a person was not told which files of an answer are missing', idsOf(target), error)
    }
  }

  private async putOff(held: HeldReply, error: LarkApiError): Promise<never> {
    held.fault = faultOf(error)
    await this.ledger.save(held)
    throw error
  }

  /** The names of those that are not known to be there; and Lark's word where it was not definite. */
  private async sendAll(
    api: LarkApi,
    target: ReplyTarget,
    { attempt, files }: FilesBehind
  ): Promise<{ unsent: string[]; doubt: LarkApiError | undefined }> {
    const unsent: string[] = []
    let doubt: LarkApiError | undefined
    for (const { place, fileKey, name } of files) {
      const message = { msgType: 'file' as const, content: { file_key: fileKey } }
      const call = () => replyOnce(api, target, `file-${attempt}-${place}`, message)
      try {
        // Where Lark gives no definite word each further file would wait as long.
        await (doubt ? call() : repeatUntilDefinite(call))
      } catch (error) {
        if (!(error instanceof LarkApiError)) throw error
        this.log.warn('a file of an answer was not sent', idsOf(target), error)
        if (isRepeatable(error)) doubt ??= error
        unsent.push(name)
      }
    }
    return { unsent, doubt }
  }

  private async tell(
    api: LarkApi,
    target: ReplyTarget,
    { attempt, language }: FilesBehind,
    names: readonly string[]
  ): Promise<void> {
    const text = withoutMentions(unsentText(names, language))
    const message = { msgType: 'text' as const, content: { text } }
    await repeatUntilDefinite(() => replyOnce(api, target, `unsent-${attempt}`, message))
  }
}

const isDoubt = (error: unknown): error is LarkApiError => isRepeatable(error)
