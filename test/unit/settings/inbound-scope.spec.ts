import { describeEvent, parseEnvelope } from '../../../src/lark'
import { inScopeOf, LarkIntegration } from '../../../src/settings'
import { larkFixture } from '../../support/lark-fixture'

const INTEGRATION = {
  id: 'integration',
  tenantId: 'tenant',
  organizationId: 'org',
  settings: { appId: 'cli_1', region: 'feishu' }
} as unknown as LarkIntegration

const saying = (text: string) => {
  const raw = larkFixture('message-group-mention') as { event: { message: Record<string, unknown> } }
  const message = { ...raw.event.message, content: JSON.stringify({ text }) }
  return inScopeOf(INTEGRATION, describeEvent(parseEnvelope({ ...raw, event: { ...raw.event, message } })))
}

describe('an event in the scope of its integration', () => {
  const lane = saying('hello').lane

  it('shares a lane with its chat, in its organisation only', () => {
    expect(lane).toMatch(/:oc_1$/)
    expect(saying('and another thing').lane).toBe(lane)
    expect(
      inScopeOf(
        { ...INTEGRATION, organizationId: 'other' },
        describeEvent(parseEnvelope(larkFixture('message-group-mention')))
      ).lane
    ).not.toBe(lane)
  })

  it.each(['/stop', '@_user_1 /stop', '停止', '@_user_1  ／停止 '])(
    'waits behind nothing when it is the order %s',
    (text) => {
      expect(saying(text).lane).toMatch(/:-message:om_1$/)
    }
  )

  it.each(['/stop it, please', '/new', 'stop', `/stop${' '.repeat(300)}`])(
    'keeps its place when it says %s',
    (text) => {
      expect(saying(text).lane).toBe(lane)
    }
  )

  const pressing = (action: string) => {
    const raw = larkFixture('card-action') as { event: { action: object } }
    const pressed = { ...raw.event.action, value: { kind: 'xpert_answer', action } }
    return inScopeOf(INTEGRATION, describeEvent(parseEnvelope({ ...raw, event: { ...raw.event, action: pressed } })))
  }

  it('waits behind nothing when it is the button that stops; what a chat said before is no matter to it', () => {
    expect(pressing('stop').lane).toMatch(/:-event:[^:]+$/)
    for (const action of ['confirm', 'again', 'new']) expect(pressing(action).lane).toMatch(/:oc_[^:]+$/)
  })

  it('stores no words beside the payload, and no button', () => {
    expect(saying('/stop')).not.toHaveProperty('words')
    expect(pressing('stop')).not.toHaveProperty('pressed')
  })
})
