import { createHash, randomBytes, randomInt } from 'node:crypto'

export const randomHex = (characters: number): string =>
  randomBytes(Math.ceil(characters / 2))
    .toString('hex')
    .slice(0, characters)

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'
const randomText = (characters: number): string =>
  Array.from({ length: characters }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')

export const newAppId = (): string => `cli_${randomHex(16)}`
export const newUserId = (): string => randomText(8)
export const newUnionId = (): string => `on_${randomHex(32)}`
export const newDepartmentId = (): string => `od-${randomHex(32)}`
export const newGroupId = (): string => `g${randomHex(8)}`
export const newChatId = (): string => `oc_${randomHex(32)}`
export const newMessageId = (): string => `om_${randomHex(32)}`
export const newThreadId = (): string => `omt_${randomHex(16)}`
export const newEventId = (): string => randomHex(32)
export const newReactionId = (): string => randomText(64)
export const newTenantToken = (): string => `t-g1${randomHex(40)}`
export const newCardToken = (): string => `c-${randomHex(40)}`
export const newImageKey = (): string => `img_v3_${randomHex(4)}_${randomHex(32)}g`
export const newFileKey = (): string => `file_v3_${randomHex(4)}_${randomHex(32)}g`
/** Card entity ids are numeric and at most 20 characters. */
export const newCardId = (): string => `7${Array.from({ length: 18 }, () => randomInt(10)).join('')}`
export const newDeviceId = (): string => `7${Array.from({ length: 18 }, () => randomInt(10)).join('')}`

/** open_id is a function of the app that looks and the person or bot looked at. */
export const openIdFor = (appId: string, subject: string): string =>
  `ou_${createHash('sha256').update(`${appId}:${subject}`).digest('hex').slice(0, 32)}`
