import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ClaimedEvent, MAX_ATTEMPTS } from '../../../src/inbox'
import { CARD_ACTION } from '../../../src/lark'
import { IntegrationUnavailableError } from '../../../src/settings'
import { ClickHandler } from '../../../src/trigger/click-handler'
import { InboundEventHandler } from '../../../src/trigger/inbound-event-handler'
import { OtherEvents } from '../../../src/trigger/other-events'
import { FixedClock } from '../../support/conversation-parts'
import { INTEGRATION_ID, StaticReader } from '../../support/lark-integration'

const RECEIVED = new Date('2026-03-01T10:00:00Z')
const CLICK = readFileSync(join(__dirname, '..', '..', 'fixtures', 'lark', 'card-action.json'), 'utf8')

describe('a click whose integration can not be read', () => {
  const clock = new FixedClock(RECEIVED)
  const reader = new StaticReader()
  reader.failure = new Error('the host is out of order')
  const nobody = undefined as never
  const others = new OtherEvents(new ClickHandler(nobody, reader, nobody, clock), nobody)
  const handler = new InboundEventHandler(nobody, others, nobody, nobody, nobody, clock)
  const handle = (attempt: number) =>
    handler.handle({
      id: 'event-1',
      attempt,
      eventType: CARD_ACTION,
      payload: CLICK,
      integrationId: INTEGRATION_ID,
      receivedAt: RECEIVED
    } as ClaimedEvent)
  const after = (minutes: number) => (clock.at = new Date(RECEIVED.getTime() + minutes * 60_000))

  it('waits, which is no attempt, be it its last one', async () => {
    after(9)
    expect(await handle(MAX_ATTEMPTS)).toEqual({ state: 'received', retryInSeconds: 2 })
  })

  it('has its attempts left when it has waited for long before', async () => {
    after(11)
    await expect(handle(1)).rejects.toThrow(IntegrationUnavailableError)
    await expect(handle(MAX_ATTEMPTS - 1)).rejects.toThrow(IntegrationUnavailableError)
  })

  it('ends with its last attempt', async () => {
    after(11)
    expect(await handle(MAX_ATTEMPTS)).toEqual({ state: 'failed', reason: 'integration_unreadable' })
  })
})
