import { webhookUrlOf } from '../../../src/integration/webhook-url'

const ID = '6f1c9d0e-8a57-4f0b-9d2f-0d6a5f1f3b11'

describe('the webhook URL', () => {
  it.each([
    ['https://xpert.example', `https://xpert.example/api/lark/webhook/${ID}`],
    ['https://xpert.example/', `https://xpert.example/api/lark/webhook/${ID}`],
    [' https://xpert.example/base// ', `https://xpert.example/base/api/lark/webhook/${ID}`]
  ])('is made of %j', (base, url) => {
    expect(webhookUrlOf(base, ID)).toEqual({ url, reason: null })
  })

  it.each([
    ['http://xpert.example', `http://xpert.example/api/lark/webhook/${ID}`],
    ['//localhost:3000', `http://localhost:3000/api/lark/webhook/${ID}`]
  ])('of %j warns that Lark may not reach it', (base, url) => {
    expect(webhookUrlOf(base, ID)).toEqual({ url, reason: 'webhookUrlNotHttps' })
  })

  it.each([
    ['the server does not know its address', undefined, ID, 'noApiBaseUrl'],
    ['its address is blank', '  ', ID, 'noApiBaseUrl'],
    ['the integration is not saved', 'https://xpert.example', undefined, 'webhookUrlAfterSaving']
  ])('is not known while %s, and never has a hole', (_why, base, id, reason) => {
    expect(webhookUrlOf(base, id)).toEqual({ url: null, reason })
  })
})
