import { NextFunction, Request, Response, Router, json } from 'express'
import { changeClock, readClock } from '../../clock/clock-control'
import type { Platform } from '../platform'
import { chatRoutes } from './chat-routes'
import { directoryRoutes } from './directory-routes'
import { fileRoute } from './file-route'
import { pushRoutes } from './push-routes'
import { streamRoute } from './stream'
import { waitRoutes } from './wait-routes'

export type Handler = (request: Request) => unknown

/** What tests and pages use: plain JSON, errors as `{error}` with HTTP 400. */
export function controlRouter(platform: Platform): Router {
  const router = Router()
  router.use(json({ limit: '256mb' }))
  router.get('/stream', streamRoute(platform))
  router.get('/files/:key', fileRoute(platform))
  const add = (method: 'get' | 'post' | 'delete', path: string, handler: Handler): void => {
    router[method](path, (request: Request, response: Response, next: NextFunction) => {
      Promise.resolve()
        .then(() => handler(request))
        .then((result) => response.json(result ?? {}), next)
    })
  }
  add('get', '/clock', () => readClock())
  add('post', '/clock', (request) => changeClock(request.body as object))
  for (const routes of [directoryRoutes, chatRoutes, waitRoutes, pushRoutes]) routes(platform, add)
  router.use((request: Request, response: Response) => {
    response.status(404).json({ error: `no control route ${request.method} ${request.path}` })
  })
  router.use((error: Error, _request: Request, response: Response, _next: NextFunction) => {
    response.status(400).json({ error: error.message })
  })
  return router
}

export type AddRoute = (method: 'get' | 'post' | 'delete', path: string, handler: Handler) => void
