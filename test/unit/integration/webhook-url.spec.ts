import { webhookUrlOf } from '../../../src/integration/webhook-url'

const PATH = '/api/lark/webhook/42'

describe('webhookUrlOf', () => {
  it.each([
    ['https://xpert.example.org', `https://xpert.example.org${PATH}`],
    ['https://xpert.example.org//', `https://xpert.example.org${PATH}`],
    [' https://xpert.example.org/base/ ', `https://xpert.example.org/base${PATH}`]
  ])('puts the integration behind %j', (base, url) => {
    expect(webhookUrlOf(base, '42', 'en-US')).toEqual({ url })
  })

  it.each([
    ['http://xpert.example.org', `http://xpert.example.org${PATH}`],
    ['//localhost:3000', `http://localhost:3000${PATH}`]
  ])('warns about %j, which Lark may not reach', (base, url) => {
    expect(webhookUrlOf(base, '42', 'en-US')).toEqual({ url, warning: expect.stringContaining('https') as string })
  })

  it.each([
    [undefined, '42', 'API_BASE_URL'],
    ['  ', '42', 'API_BASE_URL'],
    ['/', '42', 'API_BASE_URL'],
    ['https://xpert.example.org', undefined, 'saved']
  ])('gives no URL with a hole in it for base %j and id %j', (base, id, why) => {
    expect(webhookUrlOf(base, id, 'en-US')).toEqual({ url: null, warning: expect.stringContaining(why) as string })
  })

  it('warns in the language of the integration', () => {
    expect(webhookUrlOf(undefined, '42', 'zh-Hans').warning).toMatch(/\p{Script=Han}/u)
  })
})
