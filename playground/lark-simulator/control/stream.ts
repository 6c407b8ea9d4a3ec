import type { Request, Response } from 'express'
import { seenMessage } from '../messages/seen-view'
import type { Platform } from '../platform'

/** Server-sent events of every visible change, for pages: `GET /_control/stream?chatId=`. */
export function streamRoute(platform: Platform) {
  return (request: Request, response: Response): void => {
    const chatId = request.query.chatId as string | undefined
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      'access-control-allow-origin': '*'
    })
    response.write(': open\n\n')
    const stop = platform.world.changes.onVisible((change) => {
      if (chatId !== undefined && change.chatId !== chatId) return
      const message = seenMessage(platform.world, platform.world.message(change.messageId))
      response.write(`data: ${JSON.stringify({ type: change.type, message })}\n\n`)
    })
    response.on('close', stop)
  }
}
