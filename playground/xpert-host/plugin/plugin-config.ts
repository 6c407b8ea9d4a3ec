import type { PluginShape } from './plugin-shape'

export interface ResolvedConfig {
  /** The parsed configuration, or the unparsed merge when it is invalid. */
  config: Record<string, unknown>
  status: 'valid' | 'invalid'
  error?: unknown
}

/** An invalid configuration does not keep a plugin from being registered: it then gets the unparsed merge. */
export function resolveConfig(plugin: PluginShape, input: Record<string, unknown>): ResolvedConfig {
  const merged = { ...plugin.config?.defaults, ...input }
  const schema = plugin.config?.schema
  if (!schema) return { config: merged, status: 'valid' }
  try {
    return { config: schema.parse(merged), status: 'valid' }
  } catch (error) {
    return { config: merged, status: 'invalid', error }
  }
}
