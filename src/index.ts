import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLarkPlugin } from './plugin'

const { version } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { version: string }

const plugin = createLarkPlugin(version)

// The host takes `module.default ?? module`, a real `import()` sees `module.exports` as its default: both must be the plugin.
Object.defineProperty(plugin, 'default', { value: plugin })

export = plugin
