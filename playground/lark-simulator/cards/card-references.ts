import type { App } from '../state/model'
import type { World } from '../state/world'
import type { CardReferences } from './validate-card'

/** What cards of this app may refer to: uploaded images, and people by the app's own open_ids or by union_id. */
export const referencesOf = (world: World, app: App): CardReferences => ({
  hasImage: (key) => world.files.get(key)?.kind === 'image',
  hasPerson: (id) =>
    world.findOpenId(id)?.appId === app.appId ||
    [...world.users.values()].some(({ unionId, userId }) => unionId === id || userId === id)
})
