import { Logger } from '@nestjs/common'
import { SdkLogger } from '../../../src/lark/sdk-logger'

describe('what the SDK may write into the log', () => {
  const lines: unknown[] = []

  beforeEach(() => {
    lines.length = 0
    jest.spyOn(Logger.prototype, 'debug').mockImplementation((line: unknown) => void lines.push(line))
  })

  afterEach(() => jest.restoreAllMocks())

  it('is the constant beginning of its sentences', () => {
    const logger = new SdkLogger()
    logger.error(['[ws]', 'invoke event failed, message_type: event; message_id: m1; error: my secret words'])
    logger.error(['[ws]', 'get connect config success, ws url wss://host/?ticket=abc'])
    expect(lines).toEqual(['[ws] invoke event failed, message_type', '[ws] get connect config success, ws url'])
  })

  it('is never an object, an error or a body', () => {
    const logger = new SdkLogger()
    logger.error([[{ config: { headers: { Authorization: 'Bearer t-1' }, data: 'my secret words' } }]])
    logger.warn(new Error('my secret words'))
    logger.error(['{"text":"my secret words"}'])
    expect(lines).toEqual([])
  })
})
