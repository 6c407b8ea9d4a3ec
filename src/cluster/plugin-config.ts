import { z } from 'zod'
import { isObject, Log } from '../shared'

const withoutTrailingSlash = (url: string): string => url.replace(/(?<!\/)\/+$/, '')

const baseUrl = (real: string) => z.string().url().transform(withoutTrailingSlash).default(real)

/**
 * The plugin's own config, set by the operator and shown by the host as a form. Base URLs live here and never in an
 * integration's options: whoever may edit an integration must not be able to send its secret to another server.
 */
export const pluginConfigSchema = z.object({
  endpoints: z
    .object({
      feishu: baseUrl('https://open.feishu.cn').describe('Base URL of the Feishu Open Platform (China)'),
      lark: baseUrl('https://open.larksuite.com').describe('Base URL of the Lark Open Platform (international)')
    })
    .default({}),
  retention: z
    .object({
      payloadDays: z
        .number()
        .min(0.5)
        .max(365)
        .default(3)
        .describe('Days until the payload of a handled event is scrubbed'),
      rowDays: z
        .number()
        .min(1)
        .max(3650)
        .default(30)
        .describe('Days until a handled event is deleted, and a person who is not seen any more')
    })
    .default({}),
  answers: z
    .object({
      fetchImages: z
        .boolean()
        .default(true)
        .describe('Images that an answer links to are fetched by this server and shown; else they stay links')
    })
    .default({}),
  views: z
    .object({
      messageTexts: z.boolean().default(false).describe('Show the texts of messages in the Messages tab')
    })
    .default({}),
  limits: z
    .object({
      concurrentMessages: z
        .number()
        .int()
        .min(1)
        .max(200)
        .default(64)
        .describe('Messages that one server process routes at a time')
    })
    .default({})
})

export type PluginConfig = z.infer<typeof pluginConfigSchema>

/**
 * Reads the live config: the host replaces `ctx.config` when an admin saves it, and passes an unparsed one on when it is
 * invalid. A value that can not be used therefore falls back to its default, alone, and is named in the log once: a wrong
 * retention must not send requests to another cloud.
 */
export class PluginConfigReader {
  private readonly log = new Log('cluster')
  private last: { raw: unknown; parsed: PluginConfig } | undefined

  constructor(private readonly source: () => unknown) {}

  read(): PluginConfig {
    const raw = this.source()
    if (this.last?.raw !== raw || !this.last) this.last = { raw, parsed: this.parse(raw) }
    return this.last.parsed
  }

  private parse(raw: unknown): PluginConfig {
    const result = pluginConfigSchema.safeParse(raw ?? {})
    if (result.success) return result.data
    const paths = result.error.issues.map((issue) => issue.path.map(String))
    const fields = paths.map((path) => path.join('.') || '(root)').join(', ')
    this.log.error('plugin config is invalid, these fields use their defaults', { fields })
    const repaired = pluginConfigSchema.safeParse(paths.reduce(without, raw))
    return repaired.success ? repaired.data : pluginConfigSchema.parse({})
  }
}

const without = (value: unknown, [key, ...rest]: readonly string[]): unknown => {
  if (key === undefined || !isObject(value)) return undefined
  const { [key]: inner, ...others } = value
  return rest.length === 0 ? others : { ...others, [key]: without(inner, rest) }
}
