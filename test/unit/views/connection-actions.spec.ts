import { HostContext, HostServices } from '../../../src/host'
import { Doctor } from '../../../src/integration'
import { ConnectionControl, ConnectionRefusedError } from '../../../src/long-connection'
import { ConnectionActions } from '../../../src/views/connection-actions'
import { larkIntegration } from '../../support/lark-integration'

describe('a switch of a long connection', () => {
  it.each([
    ['webhook_mode', /no long connection to switch/],
    ['other_organization', /Another tenant or organization holds/]
  ] as const)('says why there is nothing to switch: %s', async (code, sentence) => {
    const refuse = () => Promise.reject(new ConnectionRefusedError(code, 'no'))
    const control = { reconnect: refuse } as unknown as ConnectionControl
    const actions = new ConnectionActions(control, {} as Doctor, {} as HostServices)
    await expect(actions.ask('reconnect', larkIntegration(), { language: 'en-US' })).rejects.toThrow(sentence)
  })

  it('is done also where the host’s cache of the tabs does not answer', async () => {
    jest.useFakeTimers()
    try {
      const cache = { invalidateHostIdentity: () => new Promise(() => undefined) }
      const host = new HostServices({ resolve: () => cache } as unknown as HostContext)
      const control = { disconnect: async () => undefined } as unknown as ConnectionControl
      const actions = new ConnectionActions(control, { forget: () => undefined } as unknown as Doctor, host)
      const asked = actions.ask('disconnect', larkIntegration(), { language: 'en-US' })
      await jest.advanceTimersByTimeAsync(60_000)
      expect(await asked).toMatchObject({ success: true })
    } finally {
      jest.useRealTimers()
    }
  })
})
