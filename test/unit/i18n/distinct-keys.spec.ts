import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LABELS, TEXTS } from '../../../src/i18n'

const folder = join(__dirname, '../../../src/i18n')

/** Of every table in the files; later ones replace earlier ones without a word where tables are put together. */
const keysIn = (files: RegExp): string[] =>
  readdirSync(folder)
    .filter((name) => files.test(name))
    .flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(/^ {2}(\w+): [{[]/gm)])
    .map(([, key]) => key!)

it.each([
  ['text', /(^|-)texts\.ts$/, TEXTS],
  ['label', /(^|-)labels\.ts$/, LABELS]
] as const)('no %s is there twice', (_what, files, table) => {
  const keys = keysIn(files).filter((key) => key in table)
  expect(keys.sort()).toEqual(Object.keys(table).sort())
})
