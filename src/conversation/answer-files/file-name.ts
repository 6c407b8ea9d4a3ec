import { basename } from 'node:path'
import { extensionOf } from '../../lark'
import { decodedPath, FileReference, workspacePathOf } from './file-references'

const MAX_CHARACTERS = 100

/** Its end says what it is, and stays. */
const cut = (name: string): string => {
  const characters = [...name]
  if (characters.length <= MAX_CHARACTERS) return name
  const extension = extensionOf(name)
  const end = extension === '' ? '' : name.slice(-extension.length - 1)
  return characters.slice(0, MAX_CHARACTERS - end.length).join('') + end
}

/** A label that is a file's name says more than a path that a program made up; other words are none, as in `the plan of v1.2`. */
const isNameOf = (label: string, own: string): boolean =>
  extensionOf(label) !== '' && ['', extensionOf(label)].includes(extensionOf(own))

const givenName = ({ label, target }: Pick<FileReference, 'label' | 'target'>): string => {
  const path = workspacePathOf(target)
  if (path === undefined) return label
  const [own, said] = [basename(decodedPath(path)), basename(label.trim())]
  return isNameOf(said, own) ? said : own
}

/**
 * What a file of an answer is called where a person finds it.
 * @param extension what its bytes say, for a name without one
 */
export const fileNameOf = (reference: Pick<FileReference, 'label' | 'target'>, extension: string): string => {
  const name = givenName(reference).replace(/[/\\\p{Cc}]/gu, '_') || 'file'
  return cut(extension === '' || extensionOf(name) !== '' ? name : `${name}.${extension}`)
}
