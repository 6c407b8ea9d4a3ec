import type { Request, Response } from 'express'
import type { Platform } from '../platform'
import { sniffImage } from '../state/image-kind'

/** The bytes of what was sent, for pages: an image is shown, anything else is saved. */
export function fileRoute({ world }: Platform) {
  return (request: Request, response: Response): void => {
    const file = world.files.get(String(request.params.key))
    if (!file) {
      response.status(404).json({ error: 'no such file' })
      return
    }
    const image = sniffImage(file.bytes)
    response.setHeader('x-content-type-options', 'nosniff')
    response.setHeader('cache-control', 'private, max-age=3600')
    if (image) response.type(`image/${image}`)
    else response.attachment(file.name)
    response.send(file.bytes)
  }
}
