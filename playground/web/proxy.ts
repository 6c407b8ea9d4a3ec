import { request as sendRequest } from 'node:http'
import type { RequestHandler } from 'express'

/** Passes a request on to `target()`, streams included; 503 while there is no target, 502 when it does not answer. */
export function proxyTo(target: () => string | undefined): RequestHandler {
  return (request, response) => {
    const origin = target()
    if (!origin) {
      response.status(503).json({ error: 'the playground is still starting' })
      return
    }
    const { host: _host, ...headers } = request.headers
    const outgoing = sendRequest(new URL(request.url, origin), { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      response.flushHeaders()
      answer.pipe(response)
    })
    outgoing.on('error', (error) => {
      if (response.headersSent) response.destroy()
      else response.status(502).json({ error: error.message })
    })
    response.on('close', () => outgoing.destroy())
    request.pipe(outgoing)
  }
}
