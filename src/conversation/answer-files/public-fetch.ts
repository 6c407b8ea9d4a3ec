import { lookup } from 'node:dns/promises'
import { IncomingMessage } from 'node:http'
import { RequestOptions, request } from 'node:https'
import { PluginError, untilAborted } from '../../shared'
import { addressIn, familyOf, isPublicAddress } from './public-address'

const MAX_REDIRECTS = 3

/** Of one answer, from its name's resolution to its last byte. */
const LIMIT_MS = 10_000

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** `blocked`: not a public https address. `too_large` and `failed` speak for themselves. */
class PublicFetchError extends PluginError<'blocked' | 'too_large' | 'failed'> {
  constructor(code: 'blocked' | 'too_large' | 'failed', reason: string, cause?: unknown) {
    super(code, `A link was not read: ${reason}`, { cause })
  }
}

/** What stands between a link and the net; a test puts its own there. */
export interface Net {
  resolve(name: string): Promise<string[]>
  request(url: URL, options: RequestOptions, answered: (answer: IncomingMessage) => void): ReturnType<typeof request>
}

const realNet: Net = {
  resolve: async (name) => (await lookup(name, { all: true })).map(({ address }) => address),
  request: (url, options, answered) => request(url, options, answered)
}

/**
 * Reads what an expert links to, from anywhere but the networks that only this server sees. The name is resolved once; every
 * address it has must be public, and the connection goes to the one that was checked, so a second answer of the name server
 * changes nothing. Redirects are checked in the same way. Nothing of ours is sent along.
 */
export class PublicFetch {
  constructor(
    private readonly net: Net = realNet,
    private readonly limitMs = LIMIT_MS
  ) {}

  /** Throws `PublicFetchError`. */
  async read(link: string, maxBytes: number): Promise<Buffer> {
    const signal = AbortSignal.timeout(this.limitMs)
    let url = this.parse(link)
    for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
      const answer = await this.open(url, signal)
      const status = answer.statusCode ?? 0
      if (REDIRECTS.has(status)) {
        answer.destroy()
        url = this.parse(answer.headers.location ?? '', url)
        continue
      }
      if (status !== 200) {
        answer.destroy()
        throw new PublicFetchError('failed', `HTTP ${status}`)
      }
      return this.body(answer, maxBytes)
    }
    throw new PublicFetchError('failed', 'too many redirects')
  }

  private parse(link: string, base?: URL): URL {
    const url = URL.canParse(link, base?.href) ? new URL(link, base?.href) : null
    if (!url || url.protocol !== 'https:' || url.username !== '' || url.password !== '')
      throw new PublicFetchError('blocked', 'not an https address')
    if (url.port !== '') throw new PublicFetchError('blocked', 'a port of its own')
    return url
  }

  private async addressOf(hostname: string, signal: AbortSignal): Promise<string> {
    const literal = addressIn(hostname)
    const addresses = literal === undefined ? await this.resolve(hostname, signal) : [literal]
    if (addresses.length === 0 || !addresses.every(isPublicAddress))
      throw new PublicFetchError('blocked', 'not a public address')
    return addresses[0]!
  }

  /** A name server that does not answer takes a minute or more, and knows no signal. */
  private async resolve(name: string, signal: AbortSignal): Promise<string[]> {
    try {
      return await untilAborted(signal, () => new Error('no answer in time'), this.net.resolve(name))
    } catch (error) {
      throw new PublicFetchError('failed', 'its name is unknown', error)
    }
  }

  private async open(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
    const address = await this.addressOf(url.hostname, signal)
    const family = familyOf(address)
    // The name stays for TLS and the Host header; the connection knows no other address.
    const pinned: RequestOptions['lookup'] = (_name, options, done) =>
      options.all ? done(null, [{ address, family }]) : done(null, address, family)
    const options = { lookup: pinned, agent: false, signal, headers: { accept: '*/*', 'user-agent': 'lark' } } as const
    return new Promise((resolve, reject) => {
      const outgoing = this.net.request(url, options, resolve)
      outgoing.on('error', (error) => reject(new PublicFetchError('failed', 'no answer', error)))
      outgoing.end()
    })
  }

  private async body(answer: IncomingMessage, maxBytes: number): Promise<Buffer> {
    const chunks: Buffer[] = []
    let bytes = 0
    try {
      for await (const chunk of answer) {
        bytes += (chunk as Buffer).length
        if (bytes > maxBytes) throw new PublicFetchError('too_large', 'too large')
        chunks.push(chunk as Buffer)
      }
    } catch (error) {
      answer.destroy()
      throw error instanceof PublicFetchError ? error : new PublicFetchError('failed', 'it ended early', error)
    }
    return Buffer.concat(chunks)
  }
}
