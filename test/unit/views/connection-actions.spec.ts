import { HostServices } from '../../../src/host'
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
})
