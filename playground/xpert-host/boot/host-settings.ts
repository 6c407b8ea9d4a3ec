import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import type { HandoffOptions } from '../handoff'

export interface HostSettings {
  databaseUrl: string
  /** 0 takes a free port. */
  port: number
  /** Name of this process in logs, runs and queue rows. */
  instance: string
  /** Folder with the plugin's package.json and its built files. */
  pluginDir: string
  pluginConfig: Record<string, unknown>
  /** Which of the two seeded tenants owns the plugin: it decides the plugin's scope key. */
  pluginTenant: 'default' | 'second'
  apiBaseUrl?: string
  corsOrigins: string[]
  logLevel: string
  handoff: Pick<
    HandoffOptions,
    'queueSlots' | 'stalledAfterMs' | 'callbackDisorder' | 'callbackRepeat' | 'workspaceDir'
  >
}

const REPOSITORY_ROOT = resolve(__dirname, '../../..')

/** Reads the host's settings from the environment; throws with the variable's name when one cannot be used. */
export function readHostSettings(env: NodeJS.ProcessEnv): HostSettings {
  if (!env.DATABASE_URL) throw new Error('DATABASE_URL is required')
  const port = Number(env.PORT ?? 0)
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`PORT is not a port: ${env.PORT}`)
  const pluginTenant = env.PLUGIN_TENANT ?? 'default'
  if (pluginTenant !== 'default' && pluginTenant !== 'second') {
    throw new Error(`PLUGIN_TENANT is neither default nor second: ${pluginTenant}`)
  }
  return {
    databaseUrl: env.DATABASE_URL,
    port,
    instance: env.HOST_INSTANCE || `host-${randomUUID().slice(0, 8)}`,
    pluginDir: resolve(env.PLUGIN_DIR || REPOSITORY_ROOT),
    pluginConfig: readObject('PLUGIN_CONFIG', env.PLUGIN_CONFIG),
    pluginTenant,
    apiBaseUrl: env.API_BASE_URL || undefined,
    corsOrigins: [env.CLIENT_BASE_URL, ...(env.CORS_ALLOW_ORIGINS ?? '').split(',')]
      .map((origin) => origin?.trim())
      .filter((origin): origin is string => Boolean(origin)),
    logLevel: env.LOG_LEVEL || 'log',
    handoff: {
      queueSlots: readNumber('QUEUE_SLOTS', env.QUEUE_SLOTS),
      stalledAfterMs: readNumber('STALLED_AFTER_MS', env.STALLED_AFTER_MS),
      callbackDisorder: readNumber('CALLBACK_DISORDER', env.CALLBACK_DISORDER),
      callbackRepeat: readNumber('CALLBACK_REPEAT', env.CALLBACK_REPEAT),
      workspaceDir: env.WORKSPACE_DIR || undefined
    }
  }
}

function readNumber(name: string, text: string | undefined): number | undefined {
  if (!text) return undefined
  const value = Number(text)
  if (!Number.isFinite(value) || value < 0) throw new Error(`${name} is not a number: ${text}`)
  return value
}

function readObject(name: string, json: string | undefined): Record<string, unknown> {
  if (!json) return {}
  const value: unknown = JSON.parse(json)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${name} is not an object`)
  return value as Record<string, unknown>
}

export const HOST_SETTINGS = Symbol('HOST_SETTINGS')
