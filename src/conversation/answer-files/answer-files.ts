import { Injectable } from '@nestjs/common'
import { bulkhead } from 'cockatiel'
import { LRUCache } from 'lru-cache'
import { createHash } from 'node:crypto'
import { HostFiles } from '../../host'
import { Language, say } from '../../i18n'
import { LARK_CODES, LarkApiError, LarkContents, LarkFileType, sniff } from '../../lark'
import { FileBehind, LostFile } from '../../reply'
import { LarkIntegration } from '../../settings'
import { Log, untilAborted } from '../../shared'
import { RunningTurn } from '../turn-row'
import { AnswerLinks } from './answer-links'
import { fileNameOf } from './file-name'
import {
  decodedPath,
  FileReference,
  fileReferences,
  insideWorkspace,
  unnamed,
  withoutData,
  withReferences,
  workspacePathOf
} from './file-references'

const MIB = 1024 * 1024

/** Lark's limits (lark-platform §5.3). */
const IMAGE_BYTES = 10 * MIB
const FILE_BYTES = 30 * MIB
const IMAGES: ReadonlySet<string> = new Set(['png', 'jpg', 'webp', 'gif', 'tiff', 'bmp', 'ico'])
const FILE_TYPES: Record<string, LarkFileType> = {
  pdf: 'pdf',
  doc: 'doc',
  docx: 'doc',
  xls: 'xls',
  xlsx: 'xls',
  ppt: 'ppt',
  pptx: 'ppt'
}

/** More files than that in one answer is a mistake of a model. */
const MAX_FILES = 10

/** Files of all answers that are read and uploaded at once: each is in memory, for a moment twice. */
const IN_MEMORY = 3

/** A person waits for the answer: files that are not read by then are not sent. */
const SHOW_MS = 60_000

const MAX_UPLOADED = 500

/** Lark's codes for a scope that the app lacks (lark-platform §13.1). */
const NO_PERMISSION: ReadonlySet<number> = new Set([LARK_CODES.scopeMissing, LARK_CODES.groupScopeMissing])

/** An answer as Lark can show it. */
export interface ShownAnswer {
  markdown: string
  /** To be sent behind it. */
  files: FileBehind[]
  /** What Lark does not have; the text says so. */
  lost: LostFile[]
}

type UploadedFile = Omit<FileBehind, 'place'>
type Uploaded = { imageKey: string } | UploadedFile

/** Images and files that an expert returns: uploaded, images shown in the answer, files sent behind it. */
@Injectable()
export class AnswerFiles {
  private readonly log = new Log('conversation')
  private readonly inMemory = bulkhead(IN_MEMORY, Number.POSITIVE_INFINITY)
  /** A last frame that is repeated does not upload again. */
  private readonly uploaded = new LRUCache<string, Uploaded>({ max: MAX_UPLOADED })

  constructor(
    private readonly contents: LarkContents,
    private readonly host: HostFiles,
    private readonly links: AnswerLinks
  ) {}

  /** Never throws: what can not be sent is said in the text. */
  async show(
    turn: RunningTurn,
    integration: LarkIntegration,
    markdown: string,
    language: Language
  ): Promise<ShownAnswer> {
    const shownAs = new Map<string, string>()
    const files: FileBehind[] = []
    const lost: LostFile[] = []
    const over = AbortSignal.timeout(SHOW_MS)
    for (const [place, reference] of this.referencesIn(turn, markdown).entries()) {
      let shown: string
      try {
        const isWanted = place < MAX_FILES && (!isLink(reference) || this.links.areRead)
        const uploaded = isWanted ? await this.upload(turn, integration, reference, over) : null
        if (uploaded && 'fileKey' in uploaded && !hasFile(files, uploaded)) files.push({ place, ...uploaded })
        shown = uploaded ? textOf(reference, uploaded) : this.instead(reference, language)
      } catch (error) {
        this.log.warn('a file of an answer was not sent', { turn: turn.id }, error)
        lost.push({ place, name: fileNameOf(reference, ''), error })
        shown = this.instead(reference, language, error)
      }
      shownAs.set(reference.whole, shown)
    }
    // In a form that was not read as a link it would fill hundreds of cards.
    return { markdown: withoutData(withReferences(markdown, shownAs), language), files, lost }
  }

  private referencesIn(turn: RunningTurn, markdown: string): FileReference[] {
    try {
      return fileReferences(markdown)
    } catch (error) {
      this.log.error('the files of an answer could not be found', { turn: turn.id }, error)
      return []
    }
  }

  /** A public address stays a link, which the person can open. */
  private instead({ label, target, isImage }: FileReference, language: Language, error?: unknown): string {
    if (isLink({ target })) return `[${label || target}](${target.replace(/\s/g, '%20')})`
    const name = label || unnamed(isImage, language)
    const key = error instanceof LarkApiError && NO_PERMISSION.has(error.larkCode) ? 'fileNeedsScope' : 'fileNotSent'
    return say(key, language, { name })
  }

  private async upload(
    turn: RunningTurn,
    integration: LarkIntegration,
    reference: FileReference,
    over: AbortSignal
  ): Promise<Uploaded> {
    const digest = createHash('sha256').update(sourceOf(reference)).digest('hex')
    // Another attempt may have written something else to the same path.
    const key = `${turn.attempt} ${reference.isImage} ${digest}`
    const known = this.uploaded.get(key)
    if (known) return known
    const mayBegin = (): void => {
      if (over.aborted) throw noTime()
    }
    const place = async (read: () => Promise<Buffer>): Promise<Uploaded> => {
      const uploaded = await this.inMemory.execute(async () => {
        mayBegin()
        return this.uploadNow(integration, reference, await read())
      })
      this.uploaded.set(key, uploaded)
      return uploaded
    }
    const { appId } = integration.settings
    // A link has a place of its own: those of all others do not wait for a server that does not answer.
    const placed = isLink(reference)
      ? this.links.use(appId, reference.target, FILE_BYTES, mayBegin, (bytes) => place(async () => bytes))
      : place(() => this.read(turn, reference))
    // What has begun goes on, and is known when the last frame is repeated.
    return untilAborted(over, noTime, placed)
  }

  private async uploadNow(integration: LarkIntegration, reference: FileReference, bytes: Buffer): Promise<Uploaded> {
    if (bytes.length === 0) throw new Error('the file is empty')
    const api = this.contents.for(integration.settings)
    const type = sniff(bytes.subarray(0, 512), fileNameOf(reference, ''))
    // A page that tells of an image, or says that there is none: the person can open it.
    if (isLink(reference) && !type.mimeType.startsWith('image/')) throw new Error('the link leads to no image')
    const isImage = reference.isImage && IMAGES.has(type.extension) && bytes.length <= IMAGE_BYTES
    return isImage ? api.uploadImage(bytes) : this.uploadFile(integration, reference, bytes, type.extension)
  }

  private async uploadFile(
    integration: LarkIntegration,
    reference: FileReference,
    bytes: Buffer,
    extension: string
  ): Promise<UploadedFile> {
    const name = fileNameOf(reference, extension)
    const type = FILE_TYPES[extension] ?? 'stream'
    const { fileKey } = await this.contents.for(integration.settings).uploadFile({ bytes, name, type })
    return { fileKey, name }
  }

  private async read(turn: RunningTurn, { target }: FileReference): Promise<Buffer> {
    const path = workspacePathOf(target)
    if (path === undefined) return dataOf(target)
    const { tenantId, organizationId, xpertId } = turn
    const bytes = await this.host.read({ tenantId, organizationId, xpertId }, insideWorkspace(path))
    if (bytes.length > FILE_BYTES) throw new Error('the file is too large for Lark')
    return bytes
  }
}

/** However it is written: the host and a model differ in that. */
const sourceOf = ({ target }: FileReference): string => {
  const path = workspacePathOf(target)
  return path === undefined ? target : `/workspace/${decodedPath(path)}`
}

/** An answer may name one file in several places. */
const hasFile = (files: readonly FileBehind[], { fileKey }: UploadedFile): boolean =>
  files.some((file) => file.fileKey === fileKey)

/** Over the net, of which nobody knows how long it takes. */
const isLink = ({ target }: Pick<FileReference, 'target'>): boolean => target.startsWith('https://')

const noTime = (): Error => new Error('there was no time for the file')

const textOf = ({ label }: FileReference, uploaded: Uploaded): string =>
  'imageKey' in uploaded ? `![${label}](${uploaded.imageKey})` : label || uploaded.name

const DATA_URL = /^data:[^,]*;base64,([\s\S]*)$/

const dataOf = (target: string): Buffer => {
  const [, data] = DATA_URL.exec(target) ?? []
  if (data === undefined || data.length > (FILE_BYTES * 4) / 3 + 4) throw new Error('the data can not be read')
  return Buffer.from(data, 'base64')
}
