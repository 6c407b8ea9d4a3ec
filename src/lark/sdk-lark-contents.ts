import { Injectable } from '@nestjs/common'
import { Readable } from 'node:stream'
import { isObject, textOf } from '../shared'
import { incomplete, itemsOf } from './answer'
import { CallCounts } from './call-counts'
import { parseRestMessage, RestMessage } from './content'
import { readUsers } from './directory/directory-api'
import { appKeyOf, LarkApp } from './lark-app'
import { LarkCaller } from './lark-caller'
import { LarkClientFactory } from './lark-client.factory'
import { LarkContentApi, LarkContents, LarkFileType, OpenResource } from './lark-contents'
import { RateGovernor } from './rate-governor'

/** SDK types know neither repeated keys nor newer parameters, so the query is written out. */
const queryOf = (pairs: [string, string][]): string => new URLSearchParams(pairs).toString()

const bytesOf = (headers: unknown): number | null => {
  const length = Number(isObject(headers) ? headers['content-length'] : Number.NaN)
  return Number.isSafeInteger(length) && length >= 0 ? length : null
}

class SdkLarkContentApi implements LarkContentApi {
  constructor(private readonly caller: LarkCaller) {}

  async readMessage(messageId: string): Promise<RestMessage[]> {
    const query = queryOf([
      ['user_id_type', 'open_id'],
      ['card_msg_content_type', 'user_card_content']
    ])
    const url = `/open-apis/im/v1/messages/${encodeURIComponent(messageId)}?${query}`
    const answer = await this.caller.call('im.message.get', {}, ({ sdk }) =>
      sdk.request<unknown>({ method: 'GET', url })
    )
    return itemsOf(answer).flatMap((item) => parseRestMessage(item) ?? [])
  }

  async openResource(input: { messageId: string; key: string; type: 'image' | 'file' }): Promise<OpenResource> {
    const answer = await this.caller.call('im.messageResource.get', {}, ({ sdk }) =>
      sdk.im.v1.messageResource.get({
        path: { message_id: input.messageId, file_key: input.key },
        params: { type: input.type }
      })
    )
    const stream: Readable = answer.getReadableStream()
    return { stream, bytes: bytesOf(answer.headers) }
  }

  async uploadImage(bytes: Buffer): Promise<{ imageKey: string }> {
    const api = 'im.image.create'
    const answer = await this.caller.call(api, {}, ({ sdk }) =>
      sdk.im.v1.image.create({ data: { image_type: 'message', image: bytes } })
    )
    const imageKey = textOf(answer?.image_key)
    if (imageKey === undefined) throw incomplete(api)
    return { imageKey }
  }

  async uploadFile(input: { bytes: Buffer; name: string; type: LarkFileType }): Promise<{ fileKey: string }> {
    const api = 'im.file.create'
    const answer = await this.caller.call(api, {}, ({ sdk }) =>
      sdk.im.v1.file.create({ data: { file_type: input.type, file_name: input.name, file: input.bytes } })
    )
    const fileKey = textOf(answer?.file_key)
    if (fileKey === undefined) throw incomplete(api)
    return { fileKey }
  }

  async readNames(openIds: readonly string[]): Promise<Map<string, string>> {
    const users = await readUsers(this.caller, openIds)
    const named = users.flatMap(({ openId, name }): [string, string][] => (name === undefined ? [] : [[openId, name]]))
    return new Map(named)
  }
}

@Injectable()
export class SdkLarkContents extends LarkContents {
  constructor(
    private readonly clients: LarkClientFactory,
    private readonly governor: RateGovernor,
    private readonly counts: CallCounts
  ) {
    super()
  }

  for(app: LarkApp): LarkContentApi {
    const client = this.clients.clientFor(app)
    return new SdkLarkContentApi(new LarkCaller(client, appKeyOf(app), 'answer', this.governor, this.counts))
  }
}
