import { execFileSync } from 'node:child_process'
import { ClientRequest, IncomingMessage } from 'node:http'
import { RequestOptions } from 'node:https'
import { Readable, Writable } from 'node:stream'
import { PluginConfigReader } from '../../../../src/cluster'
import { AnswerFiles } from '../../../../src/conversation/answer-files/answer-files'
import { AnswerLinks } from '../../../../src/conversation/answer-files/answer-links'
import { fileReferences, withoutData } from '../../../../src/conversation/answer-files/file-references'
import { Net, PublicFetch } from '../../../../src/conversation/answer-files/public-fetch'
import { RunningTurn } from '../../../../src/conversation/turn-row'
import { HostFiles } from '../../../../src/host'
import { Language } from '../../../../src/i18n'
import { LarkApiError } from '../../../../src/lark'
import { LarkIntegration } from '../../../../src/settings'
import { PDF, PNG } from '../../../support/bytes'
import { FakeHost } from '../../../support/conversation-parts'
import { eventually } from '../../../support/eventually'
import { FakeContents } from '../../../support/question-parts'

const dataUrl = (type: string, bytes: Buffer): string => `data:${type};base64,${bytes.toString('base64')}`
const TURN = { id: 'turn', attempt: 'first', tenantId: 'tenant', organizationId: null, xpertId: 'xpert' } as RunningTurn
const integrationOf = (appId: string) => ({ id: appId, settings: { appId } }) as LarkIntegration
const INTEGRATION = integrationOf('cli_1')

/** Servers that answer with an image, but for those that do not answer before they are told to. */
class SlowNet implements Net {
  readonly asked: string[] = []
  readonly silent: (() => void)[] = []
  body = PNG

  resolve(): Promise<string[]> {
    return Promise.resolve(['93.184.216.34'])
  }

  request(url: URL, _options: RequestOptions, answered: (answer: IncomingMessage) => void) {
    this.asked.push(url.pathname)
    const answer = () =>
      answered(Object.assign(Readable.from([this.body]), { statusCode: 200 }) as unknown as IncomingMessage)
    if (url.hostname.startsWith('silent')) this.silent.push(answer)
    else setImmediate(answer)
    return new Writable() as unknown as ClientRequest
  }
}

describe('the files of an answer', () => {
  const parts = (config: object = {}, host = new HostFiles(new FakeHost())) => {
    const contents = new FakeContents()
    const net = new SlowNet()
    const links = new AnswerLinks(new PluginConfigReader(() => config), new PublicFetch(net))
    const files = new AnswerFiles(contents, host, links)
    const show = (markdown: string, integration = INTEGRATION, language: Language = 'en-US', turn = TURN) =>
      files.show(turn, integration, markdown, language)
    return { contents, net, show }
  }
  /** Where every path of the workspace is a file. */
  const inWorkspace = (bytes = PDF) => {
    const host = new HostFiles(new FakeHost())
    host.read = async () => bytes
    return parts({}, host)
  }
  const silentOnes = (count: number) =>
    Array.from({ length: count }, (_, index) => `![s](https://silent.example.com/${index}.png)`)

  it('that a server does not give out keep nobody else’s waiting', async () => {
    const { net, show } = parts()
    const waiting = silentOnes(5).map((markdown) => show(markdown))
    await eventually('two of them are asked for', async () => net.silent.length === 2)
    const data = `![data](${dataUrl('image/png', PNG)})`
    expect((await show(data)).markdown).toContain('(img_')
    expect((await show('![c](https://example.com/c.png)', integrationOf('cli_2'))).markdown).toContain('(img_')
    expect(net.asked).toEqual(['/0.png', '/1.png', '/c.png'])
    await eventually('all are answered in their turn', async () => {
      for (const answer of net.silent.splice(0)) answer()
      return net.asked.length === 6
    })
    for (const answer of net.silent) answer()
    for (const { markdown } of await Promise.all(waiting)) expect(markdown).toContain('(img_')
  })

  it('stay links where the operator says so', async () => {
    const { net, show } = parts({ answers: { fetchImages: false } })
    expect(await show('![c](https://example.com/c.png)')).toEqual({
      markdown: '[c](https://example.com/c.png)',
      files: [],
      lost: []
    })
    expect(net.asked).toEqual([])
  })

  it('are images that Lark shows in the card', async () => {
    const { contents, show } = parts()

    expect(await show(`Look: ![a cat](${dataUrl('image/png', PNG)}) there`)).toEqual({
      markdown: 'Look: ![a cat](img_1) there',
      files: [],
      lost: []
    })
    expect(contents.uploads).toEqual([{ name: '', bytes: PNG.length }])
  })

  it('are files that are sent behind it, as are images in a format that Lark does not show', async () => {
    const { show } = parts()
    const pdf = dataUrl('application/pdf', PDF)

    expect(await show(`[plan](${pdf}) and ![scan](${pdf})`)).toEqual({
      markdown: 'plan and scan',
      files: [
        { place: 0, fileKey: 'file_1', name: 'plan.pdf' },
        { place: 1, fileKey: 'file_2', name: 'scan.pdf' }
      ],
      lost: []
    })
  })

  it.each([
    ['报告.pdf', '[](/workspace/%E6%8A%A5%E5%91%8A.pdf)'],
    ['my report (1).pdf', '[report](/workspace/out/my%20report%20%281%29.pdf)'],
    ['100%.pdf', '[report](/workspace/100%.pdf)'],
    ['my report.pdf', '[report](</workspace/out/my report.pdf>)'],
    ['my (1 report.pdf', '[report](</workspace/my (1 report.pdf> "a title")'],
    ['50% more.pdf', '[report](</workspace/50% more.pdf>)'],
    ['报告.pdf', '[报告.pdf](/workspace/3f2a91.pdf)'],
    ['报告.PDF', '[out/报告.PDF](/workspace/out/3f2a91.pdf)'],
    ['报告.pdf', '[报告.pdf](/workspace/3f2a91)'],
    ['plan.pdf', '[the plan of v1.2](/workspace/plan.pdf)'],
    ['a:b_.pdf', '[](/workspace/out/a%3Ab%0A.pdf)'],
    [`${'报'.repeat(96)}.pdf`, `[](/workspace/${encodeURI('报'.repeat(120))}.pdf)`],
    [`${'😀'.repeat(96)}.pdf`, `[](/workspace/${encodeURI('😀'.repeat(120))})`],
    [`${'😀'.repeat(96)}.pdf`, `[${'😀'.repeat(99)}x](${dataUrl('application/pdf', PDF)})`]
  ])('are called what a person calls them: %s', async (name, text) => {
    expect((await inWorkspace().show(text)).files).toEqual([{ place: 0, fileKey: 'file_1', name }])
  })

  it('stay apart where one is linked and shown', async () => {
    const [linked, shown] = ['[chart](/workspace/chart.png)', '![chart](/workspace/chart.png)']
    for (const text of [`${linked} ${shown}`, `${shown} ${linked}`]) {
      const { markdown, files } = await inWorkspace(PNG).show(text)
      expect(
        markdown
          .replace(/!\[chart\]\(img_\d\)/, 'image')
          .split(' ')
          .sort()
      ).toEqual(['chart', 'image'])
      expect(files).toHaveLength(1)
    }
  })

  it('are as many as a text can have, in a time that grows with it', async () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `[a${index}](/workspace/${index})`).join('\n')
    const began = process.cpuUsage()
    const { markdown } = await inWorkspace().show(text)
    expect(markdown.split('\n').slice(9, 11)).toEqual(['a9', '(a10 could not be sent here.)'])
    expect(process.cpuUsage(began).user).toBeLessThan(2_000_000)
  })

  it('are uploaded once, however often the last frame is repeated', async () => {
    const { contents, show } = parts()
    const text = `![a](${dataUrl('image/png', PNG)})`
    await show(text)
    await show(text)

    expect(contents.uploads).toHaveLength(1)
  })

  it('are those of the answer that names them, though an earlier one had others in the same place', async () => {
    const host = new HostFiles(new FakeHost())
    let written = PDF
    host.read = async () => written
    const { contents, show } = parts({}, host)
    await show('[plan](/workspace/plan.pdf)')
    written = Buffer.concat([PDF, PDF])
    await show('[plan](/workspace/plan.pdf)', INTEGRATION, 'en-US', { ...TURN, attempt: 'second' })

    expect(contents.uploads.map(({ bytes }) => bytes)).toEqual([PDF.length, 2 * PDF.length])
  })

  it('are sent once where the text names them in several places, however they are written', async () => {
    const text = 'Made [my plan.pdf](/workspace/my%20plan.pdf). Download [it](<sandbox:/workspace/my plan.pdf>) here.'
    expect(await inWorkspace().show(text)).toMatchObject({
      markdown: 'Made my plan.pdf. Download it here.',
      files: [{ place: 0, fileKey: 'file_1', name: 'my plan.pdf' }]
    })
  })

  it.each([
    ['a page', '<!doctype html><title>A cat</title>'],
    ['something else', PDF]
  ])('stay links where there is %s instead of an image', async (_, body) => {
    const { contents, net, show } = parts()
    net.body = Buffer.from(body)
    const { markdown, files } = await show('Look: ![a cat](https://example.com/cats/7)')

    expect({ markdown, files }).toEqual({ markdown: 'Look: [a cat](https://example.com/cats/7)', files: [] })
    expect(contents.uploads).toEqual([])
  })

  it('are named where the app may not upload them, and where they are broken or not there', async () => {
    const { contents, show } = parts()
    contents.refusal = new LarkApiError('forbidden', { api: 'im.image.create', larkCode: 99991672 })
    expect((await show(`![a cat](${dataUrl('image/png', PNG)})`)).markdown).toBe(
      '(a cat could not be sent: the app lacks the permission im:resource.)'
    )
    contents.refusal = undefined
    expect((await show('![a cat](data:image/png,raw) [r](/workspace/r.pdf)')).markdown).toBe(
      '(a cat could not be sent here.) (r could not be sent here.)'
    )
  })

  it('stay links where they can not be read from a public address', async () => {
    expect((await parts().show('![x](https://127.0.0.1/x.png) [page](https://example.com)')).markdown).toBe(
      '[x](https://127.0.0.1/x.png) [page](https://example.com)'
    )
  })

  it('stay links that a person can press where their address has blanks', async () => {
    expect((await parts().show('![x](<https://127.0.0.1/my x.png>)')).markdown).toBe(
      '[x](https://127.0.0.1/my%20x.png)'
    )
  })

  it('are read and uploaded three at a time, of all answers', async () => {
    const { contents, show } = parts()
    const uploads: (() => void)[] = []
    contents.beforeUpload = () => new Promise((resolve) => uploads.push(resolve))
    const answers = [1, 2, 3, 4, 5].map((index) =>
      show(`![${index}](${dataUrl('image/png', Buffer.concat([PNG, Buffer.from([index])]))})`)
    )
    await new Promise(setImmediate)
    expect(uploads).toHaveLength(3)
    uploads.shift()!()
    await answers[0]
    await new Promise(setImmediate)
    expect(uploads).toHaveLength(3)
    contents.beforeUpload = async () => {}
    for (const done of uploads) done()
    expect((await Promise.all(answers)).every(({ markdown }) => markdown.includes('(img_'))).toBe(true)
  })

  it('leave no data in the text, however broken the link is', async () => {
    expect((await parts().show('Look: ![a cat](data:image/png;base64,AAAA')).markdown).toBe('Look: [a cat]')
  })

  it('are at most ten', async () => {
    const { contents, show } = parts()
    await show(
      Array.from(
        { length: 12 },
        (_, index) => `![${index}](${dataUrl('image/png', Buffer.concat([PNG, Buffer.from([index])]))})`
      ).join(' ')
    )

    expect(contents.uploads).toHaveLength(10)
  })

  it('are found in Markdown only where they are files', () => {
    expect(
      fileReferences(
        '![a](img_v3_1) [b](http://x) ![c](http://x/c.png) [d](sandbox:/workspace/a%20b.txt) ![e](https://x/e.png "t")'
      ).map(({ target }) => target)
    ).toEqual(['sandbox:/workspace/a%20b.txt', 'https://x/e.png'])
  })

  it('are none in code, which stays as it is and of which nothing is fetched', async () => {
    const { net, contents, show } = parts()
    const data = dataUrl('image/png', PNG)
    const code = `\`\`\`md\n![logo](https://example.com/logo.png)\n[r](/workspace/out/r.pdf)\n![x](${data})\n\`\`\``
    const markdown = `${code}\nor \`![a](https://example.com/a.png)\` in a line.`
    expect(await show(markdown)).toEqual({ markdown, files: [], lost: [] })
    expect([...net.asked, ...contents.uploads]).toEqual([])
  })

  it('may stand in code, too, and be called by it', async () => {
    const text = '`[q](/workspace/q.pdf)` is [`r.pdf`](/workspace/r.pdf), and [s](/workspace/s.pdf)'
    const { markdown, files } = await inWorkspace().show(text)
    expect(markdown).toBe('`[q](/workspace/q.pdf)` is `r.pdf`, and s')
    expect(files.map(({ name }) => name)).toEqual(['r.pdf', 's.pdf'])
  })

  it('fill no card with their data in code', async () => {
    const { markdown } = await parts().show(`\`\`\`\n![x](data:image/png;base64,${'A'.repeat(30_000)})\n\`\`\``)
    expect(markdown).toBe('```\n[x]\n```')
  })

  it('may have brackets in their names', () => {
    expect(fileReferences('[r](/workspace/out/report(1).pdf) and [s](/workspace/s.pdf "t (1)")')).toMatchObject([
      { whole: '[r](/workspace/out/report(1).pdf)', target: '/workspace/out/report(1).pdf' },
      { whole: '[s](/workspace/s.pdf "t (1)")', target: '/workspace/s.pdf' }
    ])
  })

  it('are found at the size of the largest that Lark takes, and where a bracket is not closed', () => {
    const target = `data:application/pdf;base64,${'A'.repeat(40 * 1024 * 1024)}`
    for (const text of [`[report](${target}) and more`, `[report](<${target}>) and more`])
      expect(fileReferences(text).map((found) => found.target === target)).toEqual([true])
    expect(fileReferences('[r](/workspace/a(1.pdf) [s](/workspace/b.pdf "f (x")').map((found) => found.target)).toEqual(
      ['/workspace/a(1.pdf', '/workspace/b.pdf']
    )
  })

  it('are found at that size where the engine optimises no regular expression', () => {
    const module = JSON.stringify(require.resolve('../../../../dist/conversation/answer-files/file-references'))
    const script = `const { fileReferences, withoutData } = require(${module})
      const text = '[report](data:application/pdf;base64,' + 'A'.repeat(40 * 1024 * 1024) + ') and more'
      console.log(fileReferences(text).length, withoutData(text, 'en-US'))`
    const shown = execFileSync(process.execPath, ['--no-regexp-optimization', '-e', script], { encoding: 'utf8' })
    expect(shown).toBe('1 [report] and more\n')
  })

  it.each(['[a](', '![a](', '[', '[a](data:', '[a](b(c', ' ', '[a](b "', '[a](<', '[a](<b '])(
    'are looked for in a text of any length: %s, again and again',
    (piece) => {
      const text = piece.repeat(100_000 / piece.length)
      expect(fileReferences(text)).toEqual([])
      expect(withoutData(text, 'en-US').length).toBeLessThanOrEqual(text.length)
    }
  )

  it.each([
    ['a/b.pdf', 'a/b.pdf'],
    ['a/./x/../%E8%A1%A8%20(1).pdf', 'a/表 (1).pdf'],
    ['../secret.txt', undefined],
    ['a/../../secret.txt', undefined],
    ['%2e%2e/secret.txt', undefined],
    ['..%2Fsecret.txt', undefined],
    ['/etc/passwd', undefined],
    ['%2Fetc/passwd', undefined],
    ['..\\secret.txt', undefined],
    ['a%5C..%5Cb', undefined],
    ['a%00.txt', undefined],
    ['100%.txt', '100%.txt'],
    ['增长50%.txt', '增长50%.txt'],
    ['../100%.txt', undefined],
    ['a/../../100%.txt', undefined],
    ['..', undefined],
    ['.', undefined]
  ])('are asked for within the workspace only: %s', async (path, asked) => {
    const paths: string[] = []
    const host = new HostFiles(new FakeHost())
    host.read = async (_owner, filePath) => {
      paths.push(filePath)
      return PDF
    }
    const { markdown } = await parts({}, host).show(`[r](/workspace/${path})`)
    expect(paths).toEqual(asked === undefined ? [] : [asked])
    expect(markdown).toBe(asked === undefined ? '(r could not be sent here.)' : 'r')
  })

  it('are spoken of in the answer’s language where they have no name', async () => {
    const text = '![](data:image/png,raw) [](/workspace/r.pdf) ![](data:image/png;base64,AA'
    const { markdown } = await parts().show(text, INTEGRATION, 'zh-Hans')
    expect(markdown).toBe('（图片 无法在此发送。） （文件 无法在此发送。） [图片]')
    expect(withoutData('[](data:text/plain,hi)', 'zh-Hans')).toBe('[文件]')
  })

  it('leave no data in an answer that still grows', () => {
    expect(
      withoutData(
        'a ![cat](data:image/png;base64,AAAA) b [x](data:text/plain,hi) ![half](data:image/png;base64,AA',
        'en-US'
      )
    ).toBe('a [cat] b [x] [half]')
  })
})
