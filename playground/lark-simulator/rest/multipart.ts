/** Upload form. The official Node SDK sends file parts without a file name, so any part may be read as bytes. */
export class MultipartForm {
  private readonly parts = new Map<string, Buffer>()

  constructor(body: Buffer, contentType: string) {
    const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1]
    if (!boundary) return
    for (const part of split(body, Buffer.from(`--${boundary}`))) this.add(part)
  }

  bytes(name: string): Buffer | undefined {
    return this.parts.get(name)
  }

  text(name: string): string | undefined {
    return this.parts.get(name)?.toString('utf8')
  }

  names(): string[] {
    return [...this.parts.keys()]
  }

  private add(part: Buffer): void {
    const headerEnd = part.indexOf('\r\n\r\n')
    if (headerEnd < 0) return
    const name = /name="([^"]*)"/i.exec(part.subarray(0, headerEnd).toString('utf8'))?.[1]
    // A part ends with the line break that belongs to the next boundary.
    if (name) this.parts.set(name, part.subarray(headerEnd + 4, part.length - 2))
  }
}

function split(body: Buffer, delimiter: Buffer): Buffer[] {
  const parts: Buffer[] = []
  let start = body.indexOf(delimiter)
  while (start >= 0) {
    const next = body.indexOf(delimiter, start + delimiter.length)
    if (next < 0) break
    parts.push(body.subarray(start + delimiter.length + 2, next))
    start = next
  }
  return parts
}
