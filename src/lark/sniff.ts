/** What the first bytes of a file say it is. */
export interface SniffedType {
  mimeType: string
  /** Without dot. */
  extension: string
}

type Signature = [
  mimeType: string,
  extension: string,
  offset: number,
  bytes: string,
  more?: [offset: number, bytes: string]
]

/** The few that matter: what models see or hear, and documents. `bytes` are read as Latin-1. */
const SIGNATURES: Signature[] = [
  ['image/png', 'png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', 'jpg', 0, '\xff\xd8\xff'],
  ['image/gif', 'gif', 0, 'GIF8'],
  ['image/webp', 'webp', 0, 'RIFF', [8, 'WEBP']],
  ['image/bmp', 'bmp', 0, 'BM'],
  ['image/tiff', 'tiff', 0, 'II*\0'],
  ['image/tiff', 'tiff', 0, 'MM\0*'],
  ['image/x-icon', 'ico', 0, '\0\0\x01\0'],
  ['image/heic', 'heic', 4, 'ftyphei'],
  ['image/heic', 'heic', 4, 'ftyphev'],
  ['image/heif', 'heif', 4, 'ftypmif1'],
  ['image/heif', 'heif', 4, 'ftypmsf1'],
  ['image/avif', 'avif', 4, 'ftypavi'],
  ['audio/wav', 'wav', 0, 'RIFF', [8, 'WAVE']],
  ['audio/ogg', 'ogg', 0, 'OggS'],
  ['audio/mpeg', 'mp3', 0, 'ID3'],
  ['video/quicktime', 'mov', 4, 'ftypqt'],
  ['audio/mp4', 'm4a', 4, 'ftypM4A'],
  ['audio/mp4', 'm4b', 4, 'ftypM4B'],
  ['video/3gpp', '3gp', 4, 'ftyp3gp'],
  ['video/3gpp2', '3g2', 4, 'ftyp3g2'],
  ['video/mp4', 'mp4', 4, 'ftyp'],
  ['video/webm', 'webm', 0, '\x1aE\xdf\xa3'],
  ['application/pdf', 'pdf', 0, '%PDF-'],
  ['application/zip', 'zip', 0, 'PK\x03\x04'],
  ['application/zip', 'zip', 0, 'PK\x05\x06'],
  ['application/gzip', 'gz', 0, '\x1f\x8b'],
  ['application/vnd.rar', 'rar', 0, 'Rar!'],
  ['application/x-7z-compressed', '7z', 0, '7z\xbc\xaf\x27\x1c'],
  ['application/x-ole-storage', 'doc', 0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
  ['application/x-msdownload', 'exe', 0, 'MZ'],
  ['application/x-elf', 'elf', 0, '\x7fELF']
]

/** Formats that are zip archives, or old Office files, inside: there the name knows better. */
const BY_EXTENSION: Record<string, string> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  epub: 'application/epub+zip',
  odt: 'application/vnd.oasis.opendocument.text',
  doc: 'application/msword',
  xls: 'application/vnd.ms-excel',
  ppt: 'application/vnd.ms-powerpoint'
}
const ARCHIVES: ReadonlySet<string> = new Set(['application/zip', 'application/x-ole-storage'])

/** Texts have no signature. */
const TEXTS: Record<string, string> = {
  txt: 'text/plain',
  log: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  json: 'application/json',
  xml: 'application/xml',
  html: 'text/html',
  htm: 'text/html',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  svg: 'image/svg+xml'
}

export const extensionOf = (name: string): string => /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? ''

const isText = (head: Uint8Array): boolean => {
  if (head.includes(0)) return false
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return true
  } catch {
    return false
  }
}

/** Shorter signatures are words too. */
const WEAK = 4

/** @param head the first bytes; 512 are enough */
export const sniff = (head: Uint8Array, name = ''): SniffedType => {
  const extension = extensionOf(name)
  const letters = Buffer.from(head.subarray(0, 32)).toString('latin1')
  const words = isText(head)
  const found = SIGNATURES.find(
    ([, , offset, bytes, more]) =>
      letters.startsWith(bytes, offset) && (more === undefined || letters.startsWith(more[1], more[0]))
  )
  // A text may begin with "BM" or "MZ".
  if (found && !(words && found[3].length < WEAK)) {
    const better = ARCHIVES.has(found[0]) ? BY_EXTENSION[extension] : undefined
    return better ? { mimeType: better, extension } : { mimeType: found[0], extension: found[1] }
  }
  if (words) return { mimeType: TEXTS[extension] ?? 'text/plain', extension: extension || 'txt' }
  return { mimeType: 'application/octet-stream', extension: extension || 'bin' }
}
