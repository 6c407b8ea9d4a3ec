import { Inbox, NewInboundEvent } from '../../../src/inbox'
import { CardActionResponder, CardResponse } from '../../../src/lark'
import { EventIntake } from '../../../src/long-connection/event-intake'
import { EventTarget, LarkIntegration } from '../../../src/settings'
import { SystemClock } from '../../../src/shared'
import { larkFixture } from '../../support/lark-fixture'
import { larkIntegration } from '../../support/lark-integration'

class MemoryInbox extends Inbox {
  readonly events: NewInboundEvent[] = []
  failure: Error | undefined

  async accept(event: NewInboundEvent): Promise<'accepted' | 'duplicate'> {
    if (this.failure) throw this.failure
    this.events.push(event)
    return this.events.length === 1 ? 'accepted' : 'duplicate'
  }
}

class LastTarget extends EventTarget {
  pick(candidates: readonly LarkIntegration[]): LarkIntegration {
    const last = candidates.at(-1)
    if (!last) throw new Error('no candidate')
    return last
  }

  published(): LarkIntegration[] {
    return []
  }

  async refresh(): Promise<void> {}
}

class ToastResponder extends CardActionResponder {
  async respond(): Promise<CardResponse> {
    return { toast: { type: 'info', content: 'heard' } }
  }
}

const APP = 'cli_0123456789abcdef'

describe('an event of the long connection', () => {
  let inbox: MemoryInbox
  const take = (raw: unknown, appId = APP) =>
    new EventIntake(inbox, new LastTarget(), new ToastResponder(), new SystemClock()).take(raw, appId, [
      larkIntegration({}, { id: 'one' }),
      larkIntegration({}, { id: 'two' })
    ])

  beforeEach(() => {
    inbox = new MemoryInbox()
  })

  it('is stored for the integration that is bound', async () => {
    expect(await take(larkFixture('message-direct-text'))).toBeUndefined()
    expect(inbox.events).toMatchObject([
      { integrationId: 'two', dedupKey: 'message:om_2', inboxKey: `tenant-1:organization-1:feishu:${APP}` }
    ])
  })

  it('is a success when it was stored before', async () => {
    await take(larkFixture('message-direct-text'))
    expect(await take(larkFixture('message-direct-text'))).toBeUndefined()
  })

  it('is not acknowledged when it can not be stored', async () => {
    inbox.failure = new Error('away')
    await expect(take(larkFixture('message-direct-text'))).rejects.toThrow('away')
    await expect(take(larkFixture('card-action'))).rejects.toThrow('away')
  })

  it('that is a click is answered with its toast', async () => {
    expect(await take(larkFixture('card-action'))).toEqual({ toast: { type: 'info', content: 'heard' } })
    expect(inbox.events).toHaveLength(1)
  })

  it.each([
    ['of a type that is not handled', larkFixture('chat-disbanded')],
    ['that can not be read', { schema: '2.0' }],
    ['that is nothing', undefined]
  ])('%s is acknowledged and ignored', async (_name, raw) => {
    expect(await take(raw)).toBeUndefined()
    expect(inbox.events).toEqual([])
  })

  it('of another app is acknowledged and ignored', async () => {
    expect(await take(larkFixture('message-direct-text'), 'cli_ffffffffffffffff')).toBeUndefined()
    expect(inbox.events).toEqual([])
  })
})
