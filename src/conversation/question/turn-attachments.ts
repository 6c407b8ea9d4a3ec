import { Injectable } from '@nestjs/common'
import { bulkhead, ExponentialBackoff, handleWhen, IPolicy, retry, wrap } from 'cockatiel'
import { createHash } from 'node:crypto'
import { FileOwner, HostFileError, HostFiles, inlineFile } from '../../host'
import { extensionOf, LarkApp, LarkContents, resourceName, sniff } from '../../lark'
import { Log, untilAborted } from '../../shared'
import { Attachment, FileRefusal, isTransient, larkRefusalOf, WantedFile } from './attachment'
import { HandingPlaces } from './handing-places'
import { InlineShare } from './inline-room'
import { FileTooLargeError, SpooledFile } from './spooled-file'

const MIB = 1024 * 1024

/** More than that in one question helps no model, and holds up the person. */
const MAX_FILES = 20

/** Of one question, so that a person with twenty slow files does not use up what all share. */
const PARALLEL = 3

/** Of this process, from the download to the host: each holds a connection or some disk. */
const UNDER_WAY = 32

export interface Reading {
  app: LarkApp
  owner: FileOwner
  maxMiB: number
  share: Pick<InlineShare, 'take'>
  /** Time is up, or nobody wants it any more. */
  signal: AbortSignal
}

class Refused extends Error {
  constructor(readonly refusal: FileRefusal) {
    super(refusal)
  }
}

const refusalOf = (error: unknown): FileRefusal => {
  if (error instanceof Refused) return error.refusal
  if (error instanceof HostFileError) return error.code === 'no_workspace' ? 'too_large_for_host' : 'host_refused'
  return larkRefusalOf(error)
}

/** The name with the extension that its content has, where it has none. */
const fileName = (name: string, extension: string): string => {
  const plain = name.replaceAll('/', '_')
  return extensionOf(name) === '' ? `${plain}.${extension}` : plain
}

const notInTime = (): Error => new Error('there was no room for the file in time')

const contentOf = ({ head }: SpooledFile, { messageId, resource }: WantedFile) => {
  const plain = resourceName(resource)
  const { mimeType, extension } = sniff(head, plain)
  const id = createHash('sha256').update(`${messageId} ${resource.key}`).digest('hex').slice(0, 16)
  return { id, name: fileName(plain, extension), mimeType }
}

/**
 * Brings what people sent from Lark to the host: onto disk first, then one buffer at a time. It travels along with the question;
 * what has no room there is put into the expert's workspace and named, for experts with tools to read it.
 */
@Injectable()
export class TurnAttachments {
  private readonly log = new Log('conversation')
  private readonly underWay = bulkhead(UNDER_WAY, Number.POSITIVE_INFINITY)
  private readonly places = new HandingPlaces()

  constructor(
    private readonly contents: LarkContents,
    private readonly host: HostFiles
  ) {}

  /** In the order wanted. Never throws: what can not be had says why. */
  async read(wanted: readonly WantedFile[], reading: Reading): Promise<Attachment[]> {
    const turn = bulkhead(PARALLEL, Number.POSITIVE_INFINITY)
    const policy = wrap(turn, this.underWay)
    return Promise.all(
      wanted.map((file, index) =>
        index < MAX_FILES ? this.one(policy, file, reading) : { name: resourceName(file.resource), refusal: 'too_many' }
      )
    )
  }

  private async one(policy: IPolicy, wanted: WantedFile, reading: Reading): Promise<Attachment> {
    const name = resourceName(wanted.resource)
    try {
      return await policy.execute(() => this.bring(wanted, reading))
    } catch (error) {
      const refusal = refusalOf(error)
      this.log.warn('a file of a message was not read', { message: wanted.messageId, refusal }, error)
      return { name, refusal }
    }
  }

  private async bring(wanted: WantedFile, reading: Reading): Promise<Attachment> {
    if (wanted.resource.kind === 'audio') throw new Refused('sound')
    const spooled = await this.download(wanted, reading)
    try {
      const content = contentOf(spooled, wanted)
      if (content.mimeType.startsWith('audio/')) throw new Refused('sound')
      const isInline = await untilAborted(reading.signal, notInTime, reading.share.take(spooled.bytes))
      return await this.places.run(spooled.bytes, reading.signal, () =>
        spooled.use(async (bytes): Promise<Attachment> => {
          const { name, mimeType } = content
          const file = { ...content, bytes }
          const described = { name, mimeType, bytes: bytes.length }
          if (isInline) return { ...described, file: inlineFile(file) }
          return { ...described, workspacePath: await this.host.store(reading.owner, file) }
        })
      )
    } finally {
      await spooled.close()
    }
  }

  private download(wanted: WantedFile, { app, maxMiB, signal }: Reading): Promise<SpooledFile> {
    const mayHelp = (error: Error): boolean => !signal.aborted && !(error instanceof Refused) && isTransient(error)
    const again = retry(handleWhen(mayHelp), {
      maxAttempts: 2,
      backoff: new ExponentialBackoff({ initialDelay: 500, maxDelay: 5_000 })
    })
    return again.execute(() => this.downloadOnce(wanted, app, maxMiB * MIB, signal), signal)
  }

  private async downloadOnce(
    { messageId, resource }: WantedFile,
    app: LarkApp,
    maxBytes: number,
    signal: AbortSignal
  ): Promise<SpooledFile> {
    const type = resource.kind === 'image' ? 'image' : 'file'
    const { stream, bytes } = await this.contents.for(app).openResource({ messageId, key: resource.key, type })
    if (bytes !== null && bytes > maxBytes) {
      stream.destroy()
      throw new Refused('too_large')
    }
    try {
      const spooled = await SpooledFile.from(stream, maxBytes, signal)
      if (spooled.bytes > 0) return spooled
      await spooled.close()
      throw new Refused('empty')
    } catch (error) {
      throw error instanceof FileTooLargeError ? new Refused('too_large') : error
    }
  }
}
