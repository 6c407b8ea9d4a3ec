import { createHash } from 'node:crypto'
import { storableText } from '../../shared'
import { MessageResource } from './converter'
import { labelled } from './fields'

/** More than anybody sends at once; a forged post could name thousands. */
const MAX_RESOURCES = 50

/** How the text speaks of it and what the file is called, where its sender gave no name. */
export const resourceName = ({ kind, key, name }: MessageResource): string =>
  name ?? `${kind}-${createHash('sha256').update(key).digest('hex').slice(0, 4)}`

/** Collects what one message carries; the same key twice is one thing. */
export class ResourceList {
  readonly resources: MessageResource[] = []

  add({ kind, key, name }: MessageResource): string {
    const resource = { kind, key: storableText(key), ...(name === undefined ? {} : { name: storableText(name) }) }
    const known = this.resources.some(({ key }) => key === resource.key)
    if (!known && this.resources.length < MAX_RESOURCES) this.resources.push(resource)
    return labelled(resource.kind, resourceName(resource))
  }
}
