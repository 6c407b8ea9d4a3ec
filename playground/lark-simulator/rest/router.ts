import { NextFunction, Request, Response, Router, json, raw } from 'express'
import type { Platform } from '../platform'
import { randomHex } from '../state/ids'
import type { Api } from './api'
import { applicationApis } from './application-apis'
import { authApis } from './auth-apis'
import { cardkitApis } from './cardkit-apis'
import { chatApis } from './chat-apis'
import { contactApis } from './contact-apis'
import { historyApis } from './history-apis'
import { mediaApis } from './media-apis'
import { messageApis } from './message-apis'
import { reactionApis } from './reaction-apis'
import { runApi } from './run-api'

const ALL: Api[] = [
  ...authApis,
  ...messageApis,
  ...historyApis,
  ...reactionApis,
  ...chatApis,
  ...contactApis,
  ...mediaApis,
  ...cardkitApis,
  ...applicationApis
]

/** Everything below /open-apis. */
export function openApiRouter(platform: Platform): Router {
  const router = Router()
  const keepLength = (request: object, _response: unknown, bytes: Buffer): void => {
    Object.assign(request, { rawLength: bytes.length })
  }
  router.use(json({ limit: '64mb', verify: keepLength }))
  router.use(raw({ type: 'multipart/form-data', limit: '128mb' }))
  for (const api of ALL) router[api.method](api.path, runApi(platform, api))
  router.use((request: Request, response: Response) =>
    refuse(response, 404, 99991201, `path not found: ${request.method} ${request.path}`)
  )
  router.use((error: Error, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next(error)
    return refuse(response, 400, 9499, `Bad Request: ${error.message}`)
  })
  return router
}

function refuse(response: Response, status: number, code: number, msg: string): void {
  response.status(status).json({ code, msg, error: { log_id: randomHex(32) } })
}
