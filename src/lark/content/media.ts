import { stringOf } from '../../shared'
import { Converter, ResourceKind } from './converter'
import { labelled, lineOf } from './fields'

const keyed =
  (kind: ResourceKind, field: 'image_key' | 'file_key'): Converter =>
  (content, { attach }) => {
    const key = stringOf(content[field])
    const name = lineOf(content['file_name'])
    return key === '' ? labelled(kind, name) : attach({ kind, key, ...(name === '' ? {} : { name }) })
  }

/** `{"image_key": "img_..."}` */
export const convertImage = keyed('image', 'image_key')

/** `{"file_key": "file_...", "file_name": "a.pdf"}` */
export const convertFile = keyed('file', 'file_key')

/** `{"file_key": "...", "duration": 2000}` */
export const convertAudio = keyed('audio', 'file_key')

/** `{"file_key", "image_key", "file_name", "duration"}`: the still image is left aside. */
export const convertVideo = keyed('video', 'file_key')

/** Lark gives out neither (lark-platform §3.4). */
export const convertFolder: Converter = (content) => labelled('folder, not downloadable', lineOf(content['file_name']))
export const convertSticker: Converter = () => '[sticker]'
