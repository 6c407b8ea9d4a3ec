import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DataSource } from 'typeorm'

const src = join(__dirname, '..', '..', 'src')

/** Every entity class of the plugin, found by its file name. */
export const pluginEntities = (): (new () => object)[] =>
  readdirSync(src, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith('.entity.ts'))
    .flatMap((path) => Object.values(require(join(src, path)) as Record<string, unknown>))
    .filter((exported): exported is new () => object => typeof exported === 'function')

/** A connection to an empty database with the plugin's tables, made as the host makes them: from the entities. */
export const openPluginTables = (url: string): Promise<DataSource> =>
  new DataSource({
    type: 'postgres',
    url,
    entities: pluginEntities(),
    synchronize: true,
    extra: { max: 24 }
  }).initialize()
