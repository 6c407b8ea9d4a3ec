import { Injectable } from '@nestjs/common'
import { LarkApis, LarkApp } from '../lark'
import { Log } from '../shared'
import { repeatUntilDefinite, replyOnce, ReplyTarget } from './delivery'

/** The files of an answer: a message each, behind it and in the same place. */
@Injectable()
export class FileMessages {
  private readonly log = new Log('reply')

  constructor(private readonly apis: LarkApis) {}

  /**
   * Never throws: the answer itself is there. A repeated call is the same message, by its `uuid`.
   * @param attempt whose files they are: another one's are other messages
   */
  async send(app: LarkApp, target: ReplyTarget, attempt: string, files: readonly { fileKey: string }[]): Promise<void> {
    for (const [index, { fileKey }] of files.entries()) {
      const message = { msgType: 'file' as const, content: { file_key: fileKey } }
      try {
        await repeatUntilDefinite(() => replyOnce(this.apis.for(app), target, `file-${attempt}-${index}`, message))
      } catch (error) {
        this.log.warn('a file of an answer was not sent', { turn: target.turnId }, error)
      }
    }
  }
}
