import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { DataSource } from 'typeorm'
import { z } from 'zod'
import { pluginConfigSchema } from '../src/cluster'
import { I18nText, OUTCOME_TEXTS, OutcomeCode, say, TextKey } from '../src/i18n'
import { STATE_TEXTS } from '../src/i18n/outcome-texts'
import { COMMAND_WORDS } from '../src/i18n/command-words'
import { SCOPES } from '../src/integration/doctor/scope-table'
import { CONNECTION_STATES } from '../src/long-connection/connection-record'
import { settingsForm } from '../src/settings'
import { TriggerConfig } from '../src/trigger/trigger-config'
import { triggerForm } from '../src/trigger/trigger-form'
import { outcomeOf } from '../src/views/outcome'
import { createTestDatabase, TestDatabase } from './support/database'
import { MarkdownPage, readMarkdown } from './support/markdown'
import { openPluginTables } from './support/plugin-tables'

const root = join(__dirname, '..')

const markdownIn = (folder: string, recursive = false): string[] =>
  readdirSync(join(root, folder), { recursive })
    .map(String)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name))

const PAGES = [...markdownIn('.'), ...markdownIn('docs', true), ...markdownIn('playground', true)]
const pages = new Map(PAGES.map((path) => [path, readMarkdown(join(root, path))]))
const pageAt = (path: string): MarkdownPage => pages.get(path)!

const english = pageAt('README.md')
const chinese = pageAt(join('docs', 'README.zh-Hans.md'))
const operations = pageAt(join('docs', 'operations.md'))
const READMES = [
  ['README.md', english],
  ['README.zh-Hans.md', chinese]
] as const

const sourcesIn = (suffix: string): string[] =>
  readdirSync(join(root, 'src'), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(suffix))
    .map((name) => readFileSync(join(root, 'src', name), 'utf8'))

const rowsWith = ({ tables }: MarkdownPage, code: string): string[] =>
  tables.flat().filter((row) => row.includes(`\`${code}\``))

const missingIn = (page: MarkdownPage, codes: readonly string[]): string[] =>
  codes.filter((code) => rowsWith(page, code).length === 0)

/** Every path to a value of a zod object. */
const pathsOf = (schema: z.ZodTypeAny, path: readonly string[] = []): string[] => {
  const inner = schema instanceof z.ZodDefault ? (schema.removeDefault() as z.ZodTypeAny) : schema
  return inner instanceof z.ZodObject
    ? Object.entries(inner.shape as z.ZodRawShape).flatMap(([key, value]) => pathsOf(value, [...path, key]))
    : [path.join('.')]
}

const defaultAt = (path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], pluginConfigSchema.parse({}))

/** Titles say more in brackets than a table needs. */
const shortTitle = (title: string): string => title.split(/ \(|（| in seconds| in MiB/)[0]!

interface FormProperty {
  title: I18nText
  properties?: Record<string, FormProperty>
}

/** Groups of a form are named by what is in them. */
const titlesOf = (properties: object, prefix = ''): [key: string, title: I18nText][] =>
  Object.entries(properties as Record<string, FormProperty>).flatMap(([key, property]) =>
    property.properties
      ? titlesOf(property.properties, `${prefix}${key}.`)
      : [[prefix + key, property.title] as [string, I18nText]]
  )

const SETTINGS = titlesOf(settingsForm.properties)
const TRIGGER = titlesOf(triggerForm.properties)

/** `click_` and what was pressed: made of a word, so the texts of the Messages tab do not have them. */
const CLICKS = ['click_stop', 'click_new']

const FINAL: Record<string, TextKey> = {
  answered: 'stateAnswered',
  refused: 'stateRefused',
  failed: 'stateFailed',
  dropped: 'stateDropped'
}

/** What the Messages tab says of an outcome, without what to do about it. */
const saidOf = (state: string, reason: string, page: MarkdownPage): string => {
  const [language, colon] = page === chinese ? (['zh-Hans', '\uff1a'] as const) : (['en-US', ': '] as const)
  return `${say(FINAL[state]!, language)}${colon}${OUTCOME_TEXTS[reason as OutcomeCode][language]}`
}

const COMMANDS = Object.values(COMMAND_WORDS).flatMap(({ english: words, chinese: others }) =>
  [...words, ...others].map((word) => `/${word}`)
)

const REFUSALS = [
  ...readFileSync(join(root, 'src', 'webhook', 'webhook-rejected-error.ts'), 'utf8').matchAll(
    /^ {2}(\w+): (\d{3}),?$/gm
  )
].map(([, code = '', status = '']) => [code, status] as const)

describe.each(READMES)('%s', (_name, page) => {
  it('explains every reason code', () => {
    expect(missingIn(page, [...Object.keys(OUTCOME_TEXTS), ...CLICKS])).toEqual([])
  })

  it('has what the Messages tab says beside every reason code', () => {
    const OUTCOME = /^\| `(answered|refused|failed|dropped)` \| `(\w+)` \| ([^|]+) \|/
    const rows = page.tables.flat().flatMap((row) => {
      const [, state = '', reason = '', said = ''] = OUTCOME.exec(row) ?? []
      return state ? [{ state, reason, said }] : []
    })
    expect(new Set(rows.map(({ reason }) => reason))).toEqual(new Set(Object.keys(OUTCOME_TEXTS)))
    expect(rows.map(({ said }) => said)).toEqual(rows.map(({ state, reason }) => saidOf(state, reason, page)))
    const language = page === chinese ? 'zh-Hans' : 'en-US'
    for (const { state, reason, said } of rows) expect(outcomeOf({ state, reason }, language)).toContain(said)
  })

  it('has what the Messages tab says of what has not ended', () => {
    const language = page === chinese ? 'zh-Hans' : 'en-US'
    const waits = (Object.keys(STATE_TEXTS) as (keyof typeof STATE_TEXTS)[]).filter((key) => key.startsWith('waits'))
    expect(waits.length).toBeGreaterThan(4)
    const rows = page.tables.flat()
    const missing = waits
      .map((key) => say(key, language, { cause: '502' }))
      .filter((text) => !rows.some((row) => row.includes(text)))
    expect(missing).toEqual([])
  })

  it('explains every code and status of the webhook', () => {
    expect(REFUSALS.length).toBeGreaterThan(10)
    const unlike = REFUSALS.filter(
      ([code, status]) => !rowsWith(page, code).some((row) => row.startsWith(`| ${status} |`))
    )
    expect(unlike).toEqual([])
  })

  it('explains every setting of an integration and of a trigger, by the words of its form', () => {
    const language = page === chinese ? 'zh_Hans' : 'en_US'
    const unlike = [...SETTINGS, ...TRIGGER].filter(
      ([key, title]) => !rowsWith(page, key).some((row) => row.startsWith(`| ${shortTitle(title[language])} |`))
    )
    expect(unlike).toEqual([])
    expect(missingIn(page, Object.keys(new TriggerConfig()))).toEqual([])
  })

  it('gives the defaults of the trigger', () => {
    const defaults = Object.entries(new TriggerConfig()).filter(([, value]) => value !== '' && !Array.isArray(value))
    const shown = (value: unknown): string[] => {
      if (typeof value === 'boolean') return value ? ['on', '开'] : ['off', '关']
      return [typeof value === 'number' ? String(value) : `\`${String(value)}\``]
    }
    const unlike = defaults.filter(
      ([key, value]) =>
        !rowsWith(page, key).some((row) => shown(value).some((text) => row.includes(`\`${key}\` | ${text} |`)))
    )
    expect(unlike).toEqual([])
  })

  it('says what every permission is for', () => {
    expect(
      missingIn(
        page,
        SCOPES.map(({ scope }) => scope)
      )
    ).toEqual([])
  })

  it('lists every command', () => {
    expect(missingIn(page, COMMANDS)).toEqual([])
  })

  it('lists every key of the plugin config', () => {
    expect(missingIn(page, pathsOf(pluginConfigSchema))).toEqual([])
  })

  it('names every event that is handled', () => {
    const handled = /= '([a-z_.1]+)'/g
    const source = readFileSync(join(root, 'src', 'lark', 'events', 'handled-event-types.ts'), 'utf8')
    const types = [...source.matchAll(handled)].map(([, type = '']) => type)
    expect(types).toHaveLength(3)
    expect(missingIn(page, types)).toEqual([])
  })
})

describe('the two READMEs', () => {
  it('have the same headings, tables and rows', () => {
    const levels = ({ headings }: MarkdownPage) => headings.map(({ level }) => level)
    const rows = ({ tables }: MarkdownPage) => tables.map((table) => table.length)
    expect(levels(chinese)).toEqual(levels(english))
    expect(rows(chinese)).toEqual(rows(english))
  })

  it('have the same words of code, row by row', () => {
    const CODE = /`[^`]+`/g
    const codes = ({ tables }: MarkdownPage) => tables.flat().map((row) => [...new Set(row.match(CODE) ?? [])].sort())
    expect(codes(chinese)).toEqual(codes(english))
  })

  it('have the same examples', () => {
    expect(chinese.fences).toEqual(english.fences)
  })

  it('link each other at the top', () => {
    const atTop = ({ links }: MarkdownPage) => links.filter(({ line }) => line <= 3).map(({ target }) => target)
    expect(atTop(english)).toEqual(['docs/README.zh-Hans.md'])
    expect(atTop(chinese)).toEqual(['../README.md'])
  })
})

describe('real-host.md', () => {
  it('has what the Messages tab says beside the outcomes that it names', () => {
    const OUTCOME = /`(answered|refused|failed|dropped): (\w+)`/
    const rows = pageAt(join('docs', 'real-host.md')).tables.flat()
    const named = rows.flatMap((row) => {
      const [, state, reason] = OUTCOME.exec(row) ?? []
      return state && reason ? [{ row, said: saidOf(state, reason, english) }] : []
    })
    expect(named.length).toBeGreaterThan(5)
    expect(named.filter(({ row, said }) => !row.includes(said))).toEqual([])
  })
})

describe('operations.md', () => {
  let database: TestDatabase
  let dataSource: DataSource

  beforeAll(async () => {
    database = await createTestDatabase()
    dataSource = await openPluginTables(database.url)
  })

  afterAll(async () => {
    await dataSource.destroy()
    await database.drop()
  })

  it('finds a message that has not ended by what the Messages tab says', () => {
    const text = operations.lines.join(' ').replace(/\s+/g, ' ')
    const said = (['waitsForLark', 'waitsForItsTurn', 'stateAnswering'] as const).map((key) =>
      say(key, 'en-US', { cause: '502' })
    )
    expect(said.filter((words) => !text.includes(words))).toEqual([])
  })

  it('explains every key of the plugin config with its default', () => {
    const unlike = pathsOf(pluginConfigSchema).filter((path) => {
      const value = defaultAt(path)
      const shown = typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value)
      return !rowsWith(operations, path).some((row) => row.startsWith(`| \`${path}\` |`) && row.includes(shown))
    })
    expect(unlike).toEqual([])
  })

  it('names every route with its method', () => {
    const ROUTE = /@(Get|Post|Put|Patch|Delete)\('([^']+)'\)/g
    const routes = sourcesIn('.controller.ts')
      .flatMap((source) => [...source.matchAll(ROUTE)])
      .map(([, method = '', path = '']) => `${method.toUpperCase()} /api/lark/${path}`)
    expect(routes.length).toBeGreaterThan(5)
    expect(missingIn(operations, routes)).toEqual([])
  })

  it('explains every context of the log', () => {
    const contexts = new Set(sourcesIn('.ts').flatMap((source) => source.match(/(?<=new Log\(')[a-z-]+(?='\))/g) ?? []))
    expect(contexts).toContain('inbox')
    expect(
      missingIn(
        operations,
        [...contexts].map((room) => `Lark:${room}`)
      )
    ).toEqual([])
  })

  it('explains every state of a connection', () => {
    expect(missingIn(operations, CONNECTION_STATES)).toEqual([])
  })

  it('says of every table what is in it, and drops all of them in its example', async () => {
    const rows = await database.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`
    )
    const names = rows.map(({ name }) => name)
    expect(names.length).toBeGreaterThan(10)
    expect(missingIn(operations, names)).toEqual([])
    const drop = operations.fences.find(({ text }) => text.startsWith('DROP TABLE'))
    expect(drop?.text.match(/plugin_lark_\w+/g)?.sort()).toEqual(names)
  })

  const examples = operations.fences
    .filter(({ language }) => language === 'sql')
    .map(({ text }) => [text.split('\n')[0]!, text] as const)

  it.each(examples)('has SQL that runs: %s', async (_firstLine, sql) => {
    await database.query(`BEGIN; ${sql}; ROLLBACK`)
  })
})

describe('CHANGELOG.md', () => {
  it('says once how something was, whatever version the row stands in', () => {
    const rows = pageAt('CHANGELOG.md').tables.flatMap(([, , ...entries]) => entries)
    const before = rows.map((row) => row.split(' | ')[0]!)
    expect(before.length).toBeGreaterThan(100)
    expect(before.filter((words, index) => before.indexOf(words) !== index)).toEqual([])
  })
})

describe('the fact sheets', () => {
  const comments = ['src', 'playground', 'bench', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .map((name) => join(folder, String(name)))
      .filter((path) => path.endsWith('.ts'))
      .map((path) => readFileSync(join(root, path), 'utf8').replace(/\n\s*(?:\*|\/\/) ?/g, ' '))
  )
  const CITED = /(lark-platform|host-contract|host-observed)((?:,? (?:and )?(?:trap |§)?\d+(?:\.\d+)*[ab]?\b)+)/g

  const citations = comments.flatMap((text) =>
    [...text.matchAll(CITED)].flatMap(([, sheet = '', places = '']) =>
      (places.match(/\d+(?:\.\d+)*[ab]?/g) ?? []).map((place) => ({ sheet, place }))
    )
  )

  /** A heading, a row of a table, or a number of a list; `0.2` is the second rule of section 0, `28a` a part of 28. */
  const isThere = ({ sheet, place }: { sheet: string; place: string }): boolean =>
    pageAt(join('docs', 'facts', `${sheet}.md`)).lines.some((line) => {
      if (line.startsWith(`| ${place} |`) || new RegExp(`^##+ ${place}[. ]`).test(line)) return true
      return line.startsWith(`${place.replace(/^0\.|[ab]$/g, '')}. `)
    })

  it('have what comments cite of them', () => {
    expect(citations.length).toBeGreaterThan(150)
    expect(citations.filter((citation) => !isThere(citation))).toEqual([])
  })
})

describe.each(PAGES)('%s', (path) => {
  const brokenLinks = ({ links }: MarkdownPage): string[] =>
    links
      .filter(({ target }) => !/^(https?|mailto):/.test(target))
      .filter(({ target }) => {
        const [file = '', anchor] = target.split('#')
        const found = file === '' ? path : relative(root, join(root, dirname(path), decodeURI(file)))
        if (!existsSync(join(root, found))) return true
        return anchor !== undefined && !pages.get(found)?.anchors.has(decodeURI(anchor))
      })
      .map(({ target, line }) => `line ${line}: ${target}`)

  it('links nothing that is not there', () => {
    expect(brokenLinks(pageAt(path))).toEqual([])
  })

  it('names no folder of one machine', () => {
    const text = readFileSync(join(root, path), 'utf8')
    expect(text.match(/(?<![\w.:/-])\/(home|root|tmp|Users|work)\/\S*|file:\/\/\S*/g)).toBeNull()
  })
})
