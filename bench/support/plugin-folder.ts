import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface PluginFolder {
  dir: string
  remove(): void
}

/** A package that the playground host loads in place of the built plugin; `file` exports it as its default. */
export function pluginFolder(file: string): PluginFolder {
  const dir = mkdtempSync(join(tmpdir(), 'bench-plugin-'))
  const xpert = { plugin: { level: 'tenant', artifactNamespace: 'lark' } }
  const manifest = { name: '@xpert-ai/plugin-lark', version: '0.0.0', main: './index.js', xpert }
  writeFileSync(join(dir, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(dir, 'index.js'), `module.exports = require(${JSON.stringify(file)}).default`)
  return { dir, remove: () => rmSync(dir, { recursive: true }) }
}

/** What such a plugin says of itself. */
export const metaOf = (displayName: string, description: string) => ({
  name: '@xpert-ai/plugin-lark',
  version: '0.0.0',
  level: 'tenant',
  artifactNamespace: 'lark',
  category: 'integration',
  icon: { type: 'font', value: 'ri-message-3-line' },
  displayName,
  description,
  keywords: [],
  author: 'bench'
})
