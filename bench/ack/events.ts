import { randomUUID } from 'node:crypto'
import { encrypt, signatureHeaders } from '../../test/support/signed-request'
import type { DoorKeys } from './door'

export interface PreparedEvent {
  body: string
  headers: Record<string, string>
}

const SENDERS = 200

/**
 * Messages of a group in which nobody mentions the bot: each is verified, decrypted and stored, and its row ends at the first
 * look, so that the answers of an expert do not compete for the two cores.
 */
export const groupMessages = (count: number, appId: string, keys: DoorKeys): PreparedEvent[] =>
  Array.from({ length: count }, (_, index) => prepared(groupMessage(index, appId, keys), keys))

const prepared = (event: unknown, { encryptKey }: DoorKeys): PreparedEvent => {
  const headers = { 'content-type': 'application/json' }
  if (!encryptKey) return { body: JSON.stringify(event), headers }
  const body = JSON.stringify({ encrypt: encrypt(event, encryptKey) })
  return { body, headers: { ...headers, ...signatureHeaders(Buffer.from(body), encryptKey, new Date()) } }
}

const groupMessage = (index: number, appId: string, { verificationToken }: DoorKeys): unknown => ({
  schema: '2.0',
  header: {
    event_id: randomUUID(),
    event_type: 'im.message.receive_v1',
    create_time: String(Date.now()),
    token: verificationToken,
    app_id: appId,
    tenant_key: 't1'
  },
  event: {
    sender: { sender_id: { open_id: `ou_${index % SENDERS}` }, sender_type: 'user', tenant_key: 't1' },
    message: {
      message_id: `om_${randomUUID()}`,
      create_time: String(Date.now()),
      chat_id: `oc_${index % SENDERS}`,
      chat_type: 'group',
      message_type: 'text',
      content: JSON.stringify({ text: `number ${index}` })
    }
  }
})
