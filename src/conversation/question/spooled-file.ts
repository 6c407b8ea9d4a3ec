import { randomUUID } from 'node:crypto'
import { FileHandle, open, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'

const HEAD_BYTES = 512

export class FileTooLargeError extends Error {}

/** Silence after which a stream is given up. */
const IDLE_MS = 10_000

/**
 * A download on disk, so that a slow one holds no memory. The file has no name from its first moment, so nobody else can open
 * it and nothing is left behind, however this process ends.
 */
export class SpooledFile {
  private constructor(
    private readonly handle: FileHandle,
    readonly bytes: number,
    readonly head: Buffer
  ) {}

  /** Reads the stream to its end. Throws `FileTooLargeError` above `maxBytes`, and whatever the stream fails with. */
  static async from(stream: Readable, maxBytes: number, signal: AbortSignal): Promise<SpooledFile> {
    const path = join(tmpdir(), `lark-${randomUUID()}`)
    const handle = await open(path, 'wx+', 0o600).catch((error: unknown) => {
      // Nobody else reads it to its end, and its socket would stay open.
      stream.destroy()
      throw error
    })
    const silence = setTimeout(() => stream.destroy(new Error('the download went silent')), IDLE_MS)
    const abort = () => stream.destroy(new Error('the download was given up'))
    signal.addEventListener('abort', abort)
    try {
      await unlink(path)
      if (signal.aborted) abort()
      let bytes = 0
      const heads: Buffer[] = []
      for await (const chunk of stream) {
        silence.refresh()
        const part = chunk as Buffer
        if (bytes < HEAD_BYTES) heads.push(Buffer.from(part.subarray(0, HEAD_BYTES)))
        bytes += part.length
        if (bytes > maxBytes) throw new FileTooLargeError()
        await handle.write(part)
      }
      return new SpooledFile(handle, bytes, Buffer.concat(heads).subarray(0, HEAD_BYTES))
    } catch (error) {
      stream.destroy()
      await handle.close()
      throw error
    } finally {
      clearTimeout(silence)
      signal.removeEventListener('abort', abort)
    }
  }

  /**
   * All of it, for as long as `work` takes: what was let go is free at once and not at the next garbage collection, which does
   * not come for a few large ones. The buffer is empty afterwards.
   */
  async use<T>(work: (bytes: Buffer) => Promise<T>): Promise<T> {
    const memory = new ArrayBuffer(this.bytes, { maxByteLength: this.bytes })
    try {
      return await work(await this.readInto(Buffer.from(memory, 0, this.bytes)))
    } finally {
      memory.resize(0)
    }
  }

  close(): Promise<void> {
    return this.handle.close()
  }

  private async readInto(all: Buffer): Promise<Buffer> {
    for (let from = 0; from < this.bytes;) {
      const { bytesRead } = await this.handle.read(all, from, this.bytes - from, from)
      if (bytesRead === 0) throw new Error('a spooled file became shorter')
      from += bytesRead
    }
    return all
  }
}
