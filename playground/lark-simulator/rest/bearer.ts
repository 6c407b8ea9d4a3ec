import type { App } from '../state/model'
import type { World } from '../state/world'
import { LarkError } from '../wire/lark-error'

/** The app behind `Authorization: Bearer t-...`. */
export function appOfToken(world: World, authorization: string | undefined): App {
  const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1]
  if (!token)
    throw new LarkError(99991661, 'Missing access token for authorization. Please make a request with token attached.')
  if (!/^[tu]-/.test(token))
    throw new LarkError(99991671, 'Invalid access token for authorization. It should start with "t-" or "u-".')
  const known = world.tokens.get(token)
  const app = known && known.expiresAt > Date.now() ? world.apps.get(known.appId) : undefined
  if (!app)
    throw new LarkError(99991663, 'Invalid access token for authorization. Please make a request with token attached.')
  return app
}
