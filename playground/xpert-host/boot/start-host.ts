import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { json, urlencoded } from 'express'
import { loadPlugin } from '../plugin/plugin-loader'
import { readStoredConfig } from '../plugin/stored-config'
import type { HostSettings } from './host-settings'
import { HostModule } from './host.module'
import { StderrLogger } from './stderr-logger'

const BODY_LIMIT = '50mb'

/** Loads the plugin, builds the application and listens on loopback. Resolves with the host's URL once it serves. */
export async function startHost(settings: HostSettings): Promise<{ url: string; app: NestExpressApplication }> {
  const logger = new StderrLogger(settings.logLevel, settings.instance)
  const loaded = await loadPlugin({
    dir: settings.pluginDir,
    tenant: settings.pluginTenant,
    configFor: (name, scopeKey) => readStoredConfig(settings.databaseUrl, settings.pluginConfig, name, scopeKey)
  })
  if (loaded.configuration.status === 'invalid')
    logger.warn(`The plugin's configuration is invalid: ${String(loaded.configuration.error)}`)
  const app = await NestFactory.create<NestExpressApplication>(HostModule.forRoot(settings, loaded), {
    bodyParser: false,
    logger,
    abortOnError: false,
    forceCloseConnections: true
  })
  // Like the real host: parsed bodies up to 50 MB, no raw body kept, text/plain left unread.
  app.use(json({ limit: BODY_LIMIT }))
  app.use(urlencoded({ extended: true, limit: BODY_LIMIT }))
  app.set('query parser', 'extended')
  app.setGlobalPrefix('api', { exclude: ['_control/{*path}'] })
  app.enableCors({ origin: settings.corsOrigins, credentials: true })
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'])
  const url = await listen(app, settings)
  return { url, app }
}

/**
 * The plugin may ask for API_BASE_URL while it starts, so a free port is taken before that. A given port is opened
 * last: until then a caller's connection is refused, as it is while a real host restarts.
 */
async function listen(app: NestExpressApplication, settings: HostSettings): Promise<string> {
  const server = app.getHttpServer() as Server
  if (settings.port === 0) {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  }
  const port = settings.port || (server.address() as AddressInfo).port
  const url = `http://127.0.0.1:${port}`
  process.env.API_BASE_URL = settings.apiBaseUrl ?? url
  await app.init()
  if (settings.port !== 0) await app.listen(port, '127.0.0.1')
  return url
}
