import { BadRequestException } from '@nestjs/common'
import type { ViewAction, ViewManifest, ViewSchema } from './view-contract'

const SEPARATOR = '__'
const VIEW_TYPES = ['stats', 'table', 'list', 'detail', 'raw_json', 'remote_component']
const ACTION_TYPES = ['invoke', 'navigate', 'open_detail', 'refresh']
const PLACEMENTS = ['toolbar', 'row']
const REMOTE_ENTRY = /^[A-Za-z0-9][A-Za-z0-9._/-]*$/

/** Checks a manifest as the host does and gives it its public key; any fault throws and hides the whole provider. */
export function publicManifest(
  manifest: ViewManifest,
  providerKey: string,
  hostType: string,
  slot: string
): ViewManifest {
  const name = `View manifest '${providerKey}:${manifest.key}'`
  const { plugin, version } = manifest.source ?? {}
  const key = joinViewKey(providerKey, manifest.key)
  requireText(manifest.title, `${name} must have a title`)
  optionalText(manifest.description, `${name} has an invalid description`)
  check(manifest.hostType === hostType, `${name} has an invalid hostType`)
  check(manifest.slot === slot, `${name} has an invalid slot`)
  check(VIEW_TYPES.includes(manifest.view?.type), `Unsupported view schema type '${manifest.view?.type}'`)
  check(manifest.dataSource?.mode === 'platform', `${name} must use platform dataSource mode`)
  checkView(manifest.view, name)
  checkParameters(manifest, name)
  return {
    ...manifest,
    key,
    source: { provider: providerKey, plugin, version },
    actions: manifest.actions?.map(checkedAction)
  }
}

export function joinViewKey(providerKey: string, manifestKey: string): string {
  checkKey('provider', providerKey)
  checkKey('manifest', manifestKey)
  return `${providerKey}${SEPARATOR}${manifestKey}`
}

export function splitViewKey(publicKey: string): { providerKey: string; manifestKey: string } {
  const at = publicKey.indexOf(SEPARATOR)
  check(at > 0, `Invalid view key '${publicKey}'`)
  const [providerKey, manifestKey] = [publicKey.slice(0, at), publicKey.slice(at + SEPARATOR.length)]
  joinViewKey(providerKey, manifestKey)
  return { providerKey, manifestKey }
}

function checkView(view: ViewSchema, name: string): void {
  const labelled = { stats: view.items, table: view.columns, detail: view.fields } as Record<
    string,
    { key: string; label: unknown }[] | undefined
  >
  if (view.type in labelled) {
    check(Array.isArray(labelled[view.type]), `${name} has no items, columns or fields`)
    for (const item of labelled[view.type] ?? []) requireText(item.label, `${name}: '${item.key}' must have a label`)
  }
  optionalText(view.search?.placeholder, `${name} has an invalid search placeholder`)
  if (view.type !== 'remote_component') return
  check(['react', 'vue', 'esm'].includes(view.runtime ?? ''), `${name} has an unsupported runtime`)
  check(view.protocolVersion === 1, `${name} has an unsupported protocolVersion`)
  check(Boolean(view.component?.entry), `${name} must define component.entry`)
}

export function isRemoteEntry(entry: string): boolean {
  return REMOTE_ENTRY.test(entry) && !entry.split('/').includes('..')
}

function checkedAction(action: ViewAction): ViewAction {
  check(Boolean(action.key?.trim()), 'View actions must have a key')
  requireText(action.label, `View action '${action.key}' must have a label`)
  optionalText(action.confirm?.title, `View action '${action.key}' has an invalid confirm title`)
  optionalText(action.confirm?.message, `View action '${action.key}' has an invalid confirm message`)
  check(ACTION_TYPES.includes(action.actionType), `Unsupported action type '${action.actionType}'`)
  const placement = action.placement ?? 'toolbar'
  check(PLACEMENTS.includes(placement), `Unsupported action placement '${placement}'`)
  return { ...action, placement }
}

function checkParameters(manifest: ViewManifest, name: string): void {
  const seen = new Set<string>()
  for (const { key, label, description } of manifest.parameters ?? []) {
    check(Boolean(key?.trim()), `${name} has a parameter without a key`)
    check(!seen.has(key), `${name} has the parameter '${key}' twice`)
    seen.add(key)
    requireText(label, `${name}: parameter '${key}' must have a label`)
    optionalText(description, `${name}: parameter '${key}' has an invalid description`)
  }
}

function checkKey(kind: string, key: string): void {
  check(typeof key === 'string' && key.trim() !== '' && !key.includes(SEPARATOR), `Invalid ${kind} key '${key}'`)
}

function requireText(value: unknown, message: string): void {
  check(isText(value) && value.en_US.trim() !== '', message)
}

function optionalText(value: unknown, message: string): void {
  check(value === undefined || isText(value), message)
}

function isText(value: unknown): value is { en_US: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const { en_US: english, zh_Hans: chinese } = value as Record<string, unknown>
  return typeof english === 'string' && (chinese === undefined || typeof chinese === 'string')
}

function check(condition: boolean, message: string): void {
  if (!condition) throw new BadRequestException(message)
}
