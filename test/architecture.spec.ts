import { join } from 'node:path'
import { importsOf, readSources, roomFault, RoomTable, SourceFile, stringsOf } from './support/import-rules'
import { readMarkdown } from './support/markdown'

const root = join(__dirname, '..')

const EVERYTHING = [
  'shared',
  'cluster',
  'i18n',
  'lark',
  'host',
  'inbox',
  'settings',
  'directory',
  'reply',
  'conversation',
  'long-connection',
  'webhook',
  'trigger',
  'integration',
  'views'
]

/** The import table of docs/architecture.md: a room and what it may import. What is not listed is forbidden. */
const ROOMS: RoomTable = {
  shared: [],
  cluster: ['shared'],
  i18n: [],
  lark: ['cluster', 'shared'],
  host: ['cluster', 'shared'],
  inbox: ['host', 'cluster', 'shared'],
  settings: ['lark', 'host', 'i18n', 'cluster', 'shared'],
  directory: ['settings', 'lark', 'host', 'i18n', 'cluster', 'shared'],
  reply: ['settings', 'lark', 'i18n', 'cluster', 'shared'],
  conversation: ['reply', 'directory', 'settings', 'lark', 'host', 'i18n', 'cluster', 'shared'],
  'long-connection': ['inbox', 'settings', 'lark', 'host', 'i18n', 'cluster', 'shared'],
  webhook: ['inbox', 'settings', 'lark', 'host', 'i18n', 'cluster', 'shared'],
  trigger: [
    'conversation',
    'reply',
    'directory',
    'inbox',
    'long-connection',
    'settings',
    'lark',
    'host',
    'i18n',
    'cluster',
    'shared'
  ],
  integration: [
    'inbox',
    'webhook',
    'long-connection',
    'directory',
    'settings',
    'lark',
    'host',
    'i18n',
    'cluster',
    'shared'
  ],
  views: [
    'trigger',
    'conversation',
    'inbox',
    'directory',
    'integration',
    'webhook',
    'long-connection',
    'settings',
    'lark',
    'host',
    'i18n',
    'cluster',
    'shared'
  ],
  plugin: EVERYTHING
}

/** Strings by which the host finds services and strategies (host-contract 2.2 and 3.1); the SDK's own decorators hide theirs. */
const HOST_TOKEN =
  /^XPERT_|^(HANDOFF_PROCESSOR|VIEW_EXTENSION|INTEGRATION|WORKFLOW_TRIGGER|AGENT_MIDDLEWARE)_(STRATEGY|PROVIDER)$/

const MAX_LINES = 400

const sources = readSources(root, 'src')

const faultsOf = (files: readonly SourceFile[]): string[] =>
  files
    .flatMap(importsOf)
    .map((one) => roomFault(one, ROOMS))
    .filter((fault) => fault !== null)

describe('the import table', () => {
  it('is kept by every file of src', () => {
    expect(sources.length).toBeGreaterThan(50)
    expect(faultsOf(sources)).toEqual([])
  })

  it('knows every room, and no room that is not there', () => {
    const rooms = new Set(
      sources
        .map(({ path }) => path.split('/'))
        .filter((parts) => parts.length > 2)
        .map((parts) => parts[1])
    )
    expect([...rooms].sort()).toEqual(Object.keys(ROOMS).sort())
  })

  it('gives every room a door', () => {
    const paths = new Set(sources.map(({ path }) => path))
    expect(Object.keys(ROOMS).filter((room) => !paths.has(`src/${room}/index.ts`))).toEqual([])
  })

  it('has no cycle', () => {
    const reach = (room: string, seen: ReadonlySet<string>): boolean =>
      seen.has(room) || (ROOMS[room] ?? []).some((next) => reach(next, new Set([...seen, room])))
    expect(Object.keys(ROOMS).filter((room) => reach(room, new Set()))).toEqual([])
  })
})

describe('the check of the import table', () => {
  const fault = (path: string, text: string): string[] => faultsOf([{ path, text }])

  it.each([
    ['a room that is not listed', 'src/inbox/a.ts', `import { LarkApi } from '../lark'`],
    ['a type-only import', 'src/inbox/a.ts', `import type { LarkApi } from '../lark'`],
    ['a re-export', 'src/inbox/a.ts', `export * from '../lark'`],
    ['an import type', 'src/inbox/a.ts', `export const a = (b: import('../lark').LarkApi) => b`],
    ['import()', 'src/inbox/a.ts', `export const a = () => import('../lark')`],
    ['require', 'src/inbox/a.ts', `const a = require('../lark')`],
    ['a way past the door', 'src/trigger/a.ts', `import { A } from '../inbox/inbox.repository'`],
    ['a way past the door from a deeper folder', 'src/lark/events/a.ts', `import { A } from '../../shared/json'`],
    ['the way up', 'src/reply/a.ts', `import { A } from '../conversation'`],
    ['the Lark SDK outside src/lark', 'src/webhook/a.ts', `import * as lark from '@larksuiteoapi/node-sdk'`],
    ['the playground', 'src/lark/a.ts', `import { A } from '../../playground/lark-simulator'`],
    ['a test', 'src/lark/a.ts', `import { A } from '../../test/support/database'`],
    ['a bench', 'src/lark/a.ts', `import { A } from '../../bench/inbox'`],
    ['package.json', 'src/index.ts', `import { version } from '../package.json'`],
    ['a room from index.ts', 'src/index.ts', `import { A } from './lark'`],
    ['an unknown room', 'src/misc/a.ts', `import { A } from '../shared'`]
  ])('refuses %s', (_what, path, text) => {
    expect(fault(path, text)).toHaveLength(1)
  })

  it.each([
    [
      'a listed room by its door',
      'src/trigger/a.ts',
      `import { A } from '../inbox'\nimport { B } from '../inbox/index'`
    ],
    ['its own files', 'src/lark/events/a.ts', `import { A } from '../content/mentions'`],
    ['packages', 'src/inbox/a.ts', `import { A } from 'typeorm'\nimport { b } from 'node:crypto'`],
    ['the SDK in src/lark', 'src/lark/a.ts', `import { Client } from '@larksuiteoapi/node-sdk'`],
    [
      'a forbidden import in a comment or a string',
      'src/inbox/a.ts',
      `// import '../lark'\nconst a = "import '../lark'"`
    ]
  ])('allows %s', (_what, path, text) => {
    expect(fault(path, text)).toEqual([])
  })
})

describe('who names what', () => {
  const hostTokens = (files: readonly SourceFile[]): string[] =>
    files
      .filter(({ path }) => !path.startsWith('src/host/'))
      .flatMap((file) =>
        stringsOf(file)
          .filter((text) => HOST_TOKEN.test(text))
          .map((text) => `${file.path}: ${text}`)
      )

  it('names a host token or strategy key only in src/host', () => {
    expect(hostTokens(sources)).toEqual([])
  })

  it('would see one elsewhere', () => {
    const text = `const a = 'XPERT_PLUGIN_USER_PERMISSION_SERVICE'\nconst b = \`VIEW_EXTENSION_PROVIDER\`\n// 'XPERT_X'`
    expect(hostTokens([{ path: 'src/views/a.ts', text }])).toHaveLength(2)
  })

  it('keeps the simulator and the playground host apart from src', () => {
    const files = [...readSources(root, 'playground/lark-simulator'), ...readSources(root, 'playground/xpert-host')]
    expect(files.length).toBeGreaterThan(50)
    const intoSrc = files.flatMap(importsOf).filter(({ target }) => target === 'src' || target?.startsWith('src/'))
    expect(intoSrc).toEqual([])
  })
})

describe('the constants of docs/architecture.md', () => {
  const CODE = /`([^`]+)`/g
  const codesOf = (cell = ''): string[] => [...cell.matchAll(CODE)].map(([, code = '']) => code)
  const { tables } = readMarkdown(join(root, 'docs', 'architecture.md'))
  const rows = (tables.find(([head]) => head === '| Constant | Value | File |') ?? [])
    .slice(2)
    .map((row) => row.split(' | '))
    .map((cells) => ({ names: codesOf(cells[0]), files: codesOf(cells.at(-1)) }))

  const declares = (path: string, name: string): boolean =>
    sources.some((file) => file.path === path && new RegExp(`^(export )?const ${name}\\b`, 'm').test(file.text))

  it('are declared in a file of their row, and each of its files declares one', () => {
    expect(rows.length).toBeGreaterThan(40)
    const lost = rows.flatMap(({ names, files }) => [
      ...names.filter((name) => !files.some((path) => declares(path, name))),
      ...files.filter((path) => !names.some((name) => declares(path, name)))
    ])
    expect(lost).toEqual([])
  })
})

describe('sizes', () => {
  it(`has no file over ${MAX_LINES} lines`, () => {
    const files = ['src', 'playground', 'test'].flatMap((folder) => readSources(root, folder))
    const long = files.filter(({ text }) => text.split('\n').length > MAX_LINES + 1).map(({ path }) => path)
    expect(long).toEqual([])
  })
})
