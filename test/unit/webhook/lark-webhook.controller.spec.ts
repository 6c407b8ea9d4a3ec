import { WebhookRejectedError } from '../../../src/webhook'
import { LarkWebhookController } from '../../../src/webhook/lark-webhook.controller'
import { WebhookIntake } from '../../../src/webhook/webhook-intake'
import { WebhookRequest } from '../../../src/webhook/webhook-request'
import { INTEGRATION_ID } from '../../support/lark-integration'

class Response {
  code = 0
  body: unknown

  status(code: number): { json(body: object): unknown } {
    this.code = code
    return { json: (body: object) => (this.body = body) }
  }
}

describe('the webhook controller', () => {
  const taken: WebhookRequest[] = []
  const receive = async (take: () => Promise<object>, request: { body?: unknown; rawBody?: Buffer } = { body: {} }) => {
    const intake: Pick<WebhookIntake, 'take'> = {
      take: (_id, taking) => {
        taken.push(taking)
        return take()
      }
    }
    const response = new Response()
    const controller = new LarkWebhookController(intake as WebhookIntake)
    await controller.receive(INTEGRATION_ID, { headers: {}, ...request }, response)
    return { code: response.code, body: response.body }
  }

  beforeEach(() => (taken.length = 0))

  it('answers 200 with what the intake says', async () => {
    expect(await receive(async () => ({ challenge: 'abc' }))).toEqual({ code: 200, body: { challenge: 'abc' } })
  })

  it('answers a rejection with its status and a short reason', async () => {
    const take = () => Promise.reject(new WebhookRejectedError('token', 'The Verification Token does not match'))
    expect(await receive(take)).toEqual({
      code: 401,
      body: { code: 'token', message: 'The Verification Token does not match' }
    })
  })

  it('answers anything unforeseen with 500 and no stack', async () => {
    expect(await receive(() => Promise.reject(new Error('secret trouble')))).toEqual({
      code: 500,
      body: { code: 'internal', message: 'Internal error' }
    })
  })

  it('takes the raw body where the host keeps one', async () => {
    await receive(async () => ({}), { body: { a: 1 }, rawBody: Buffer.from('{ "a": 1 }') })
    await receive(async () => ({}), { body: { a: 'é/' } })
    await receive(async () => ({}), {})
    expect(taken.map(({ bytes }) => bytes.toString())).toEqual(['{ "a": 1 }', '{"a":"é/"}', 'null'])
  })
})
