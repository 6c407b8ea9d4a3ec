import type { SimApp } from '../contract'

/**
 * Two clouds at one simulator, told apart by the name it is called by: `localhost` is the international one, any other
 * name the Chinese one. An app lives in one of them.
 */
export const cloudOf = (host: string | undefined): SimApp['region'] =>
  (host ?? '').split(':')[0] === 'localhost' ? 'lark' : 'feishu'
