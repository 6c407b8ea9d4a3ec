import { IncomingMessage } from 'node:http'
import { RequestOptions } from 'node:https'
import { Readable, Writable } from 'node:stream'
import { isPublicAddress } from '../../../../src/conversation/answer-files/public-address'
import { Net, PublicFetch } from '../../../../src/conversation/answer-files/public-fetch'

const PUBLIC = [
  '1.1.1.1',
  '93.184.216.34',
  '172.15.255.255',
  '172.32.0.1',
  '192.167.1.1',
  '223.255.255.255',
  '2606:4700::1111'
]
const PRIVATE = [
  ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.1.2.3'],
  ...['169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.1', '192.0.2.1', '192.168.1.1', '198.18.0.1'],
  ...['198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
  ...['::', '::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:7f00:1', '::127.0.0.1', '64:ff9b::7f00:1', '100::1'],
  ...[
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::'
  ],
  ...['3fff::1', '5f00::1', '4000::1', 'localhost', '', '1.2.3', '0x7f.0.0.1']
]

describe('a public address', () => {
  it.each(PUBLIC)('is %s', (address) => expect(isPublicAddress(address)).toBe(true))

  it.each(PRIVATE)('is not %s', (address) => expect(isPublicAddress(address)).toBe(false))
})

interface Answer {
  status?: number
  location?: string
  body?: Buffer[]
}

/** A net whose names and servers are the test's; it notes where each connection really went. */
class FakeNet implements Net {
  readonly connections: string[] = []
  readonly asked: string[] = []
  answers: Answer[] = [{ body: [Buffer.from('ok')] }]
  /** One list an answer of the name server. */
  names: Record<string, string[][]> = {}

  async resolve(name: string): Promise<string[]> {
    this.asked.push(name)
    const lists = this.names[name]
    if (!lists) throw new Error('ENOTFOUND')
    return lists.length > 1 ? lists.shift()! : lists[0]!
  }

  request: Net['request'] = (url: URL, options: RequestOptions, answered: (answer: IncomingMessage) => void) => {
    options.lookup!(url.hostname, { all: true }, (_error, addresses) => {
      const [first] = addresses as unknown as { address: string }[]
      this.connections.push(`${url.hostname} ${first!.address}`)
    })
    const { status = 200, location, body = [] } = this.answers.shift()!
    const answer = Object.assign(Readable.from(body), { statusCode: status, headers: location ? { location } : {} })
    queueMicrotask(() => answered(answer as unknown as IncomingMessage))
    return new Writable() as unknown as ReturnType<Net['request']>
  }
}

describe('a link in an answer', () => {
  const net = () =>
    Object.assign(new FakeNet(), { names: { 'good.example': [['93.184.216.34']], 'inner.example': [['10.0.0.1']] } })
  const refusal = async (fake: FakeNet, link: string, max = 100): Promise<string> =>
    new PublicFetch(fake).read(link, max).then(
      () => 'read',
      (error: { code: string }) => error.code
    )

  it('is read from the address that was checked', async () => {
    const fake = net()

    expect((await new PublicFetch(fake).read('https://good.example/a.png', 100)).toString()).toBe('ok')
    expect(fake.connections).toEqual(['good.example 93.184.216.34'])
  })

  it('is resolved once: a name server that changes its mind changes nothing', async () => {
    const fake = net()
    fake.names['good.example'] = [['93.184.216.34'], ['127.0.0.1']]

    await new PublicFetch(fake).read('https://good.example/', 100)

    expect(fake.asked).toEqual(['good.example'])
    expect(fake.connections).toEqual(['good.example 93.184.216.34'])
  })

  it('is not followed when only one of its addresses is public', async () => {
    const fake = net()
    fake.names['good.example'] = [['93.184.216.34', '169.254.169.254']]

    expect(await refusal(fake, 'https://good.example/')).toBe('blocked')
    expect(fake.connections).toEqual([])
  })

  it.each([
    'http://good.example/',
    'ftp://good.example/',
    'file:///etc/passwd',
    'data:text/plain,x',
    'https://user@good.example/',
    'https://user:secret@good.example/',
    'https://good.example:8443/',
    'https://inner.example/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[fe80::1]/',
    'https://169.254.169.254/latest/meta-data/',
    'not a link',
    ''
  ])('is not followed: %s', async (link) => {
    const fake = net()

    expect(await refusal(fake, link)).toBe('blocked')
    expect(fake.connections).toEqual([])
  })

  it.each(['https://inner.example/', 'http://good.example/', 'https://[::1]/', 'file:///etc/passwd', '//127.0.0.1/x'])(
    'is not followed to %s',
    async (location) => {
      const fake = net()
      fake.answers = [{ status: 302, location }]

      expect(await refusal(fake, 'https://good.example/')).toBe('blocked')
      expect(fake.connections).toEqual(['good.example 93.184.216.34'])
    }
  )

  it('does not wait for a name server that does not answer', async () => {
    const net = new FakeNet()
    net.resolve = () => new Promise(() => {})
    await expect(new PublicFetch(net, 1).read('https://slow.example/x', 10)).rejects.toMatchObject({ code: 'failed' })
  })

  it('follows redirects between public addresses, but not for ever', async () => {
    const fake = net()
    const again: Answer = { status: 301, location: '/next' }
    fake.answers = [again, { body: [Buffer.from('there')] }]
    expect(await refusal(fake, 'https://good.example/')).toBe('read')

    fake.answers = [again, again, again, again, again]
    expect(await refusal(fake, 'https://good.example/')).toBe('failed')
  })

  it('ends where the file is too large, has no name, or is refused', async () => {
    const fake = net()
    fake.answers = [{ body: [Buffer.alloc(60), Buffer.alloc(60)] }]
    expect(await refusal(fake, 'https://good.example/')).toBe('too_large')
    expect(await refusal(fake, 'https://unknown.example/')).toBe('failed')
    fake.answers = [{ status: 404 }]
    expect(await refusal(fake, 'https://good.example/')).toBe('failed')
  })
})
