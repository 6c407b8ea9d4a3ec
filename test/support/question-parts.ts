import { Readable } from 'node:stream'
import { DataSource } from 'typeorm'
import { KnownMessage, ScopeMessages } from '../../src/conversation'
import { DispatchLease } from '../../src/conversation/dispatch-lease'
import { InlineRoom } from '../../src/conversation/question/inline-room'
import { Preparations } from '../../src/conversation/question/preparations'
import { QuestionBuilder } from '../../src/conversation/question/question-builder'
import { QuotedContext } from '../../src/conversation/question/quoted-context'
import { TurnAttachments } from '../../src/conversation/question/turn-attachments'
import { TurnQuestions } from '../../src/conversation/question/turn-questions'
import { SessionRepository } from '../../src/conversation/session.repository'
import { TurnRepository } from '../../src/conversation/turn.repository'
import { SpeakerNames } from '../../src/directory'
import { HostContext, HostFiles } from '../../src/host'
import { LarkApis, LarkContentApi, LarkContents, MessageEvent, OpenResource, RestMessage } from '../../src/lark'
import { Notices, ReplyLedger } from '../../src/reply'
import { SystemClock } from '../../src/shared'
import { larkError } from './fake-lark'

/** What Lark gives out, as the test says; everything else does not exist. */
export class FakeContents extends LarkContents implements LarkContentApi {
  readonly messages = new Map<string, RestMessage[]>()
  readonly resources = new Map<string, () => OpenResource>()
  readonly names = new Map<string, string>()
  readonly asked: string[][] = []
  readonly uploads: { name: string; bytes: number }[] = []
  refusal: Error | undefined
  beforeUpload = async (): Promise<void> => {}

  for(): LarkContentApi {
    return this
  }

  async readMessage(messageId: string): Promise<RestMessage[]> {
    const found = this.messages.get(messageId)
    if (this.refusal || !found) throw this.refusal ?? larkError('target_gone')
    return found
  }

  async openResource({ key }: { key: string }): Promise<OpenResource> {
    const found = this.resources.get(key)
    if (this.refusal || !found) throw this.refusal ?? larkError('target_gone')
    return found()
  }

  async uploadImage(bytes: Buffer): Promise<{ imageKey: string }> {
    await this.beforeUpload()
    if (this.refusal) throw this.refusal
    this.uploads.push({ name: '', bytes: bytes.length })
    return { imageKey: `img_${this.uploads.length}` }
  }

  async uploadFile({ bytes, name }: { bytes: Buffer; name: string }): Promise<{ fileKey: string }> {
    if (this.refusal) throw this.refusal
    this.uploads.push({ name, bytes: bytes.length })
    return { fileKey: `file_${this.uploads.length}` }
  }

  async readNames(openIds: readonly string[]): Promise<Map<string, string>> {
    this.asked.push([...openIds])
    if (this.refusal) throw this.refusal
    return new Map(openIds.flatMap((openId) => (this.names.has(openId) ? [[openId, this.names.get(openId)!]] : [])))
  }

  /** Bytes that arrive in pieces. */
  put(key: string, bytes: Buffer, announced: number | null = bytes.length): void {
    this.resources.set(key, () => ({ stream: Readable.from([bytes]), bytes: announced }))
  }
}

export class NoMessages extends ScopeMessages {
  async recent(): Promise<KnownMessage[]> {
    return []
  }

  async find(): Promise<MessageEvent | null> {
    return null
  }
}

/** Questions over a Lark that only remembers. */
export const questionParts = (dataSource: DataSource, host: HostContext, turns: TurnRepository, apis: LarkApis) => {
  const contents = new FakeContents()
  const names = new SpeakerNames(dataSource, contents, apis, new SystemClock())
  const earlier = new NoMessages()
  const attachments = new TurnAttachments(contents, new HostFiles(host))
  const builder = new QuestionBuilder(
    new QuotedContext(contents, earlier, names, new ReplyLedger(dataSource)),
    attachments,
    earlier,
    names,
    turns,
    new SessionRepository(dataSource)
  )
  const preparations = new Preparations(new DispatchLease(turns))
  const questions = new TurnQuestions(builder, preparations, new Notices(apis), turns, new InlineRoom())
  return { contents, names, earlier, attachments, builder, questions }
}
