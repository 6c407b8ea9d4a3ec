import { BackgroundPart, BackgroundParts, ChangeListeners } from '../../../src/plugin/background-parts'
import { PluginLifecycle } from '../../../src/plugin/plugin-lifecycle'
import { IntegrationChanges } from '../../../src/settings'

const lifecycleOf = (parts: BackgroundPart[]): PluginLifecycle =>
  new PluginLifecycle(
    { inOrder: () => parts } as Partial<BackgroundParts> as BackgroundParts,
    {} as Partial<IntegrationChanges> as IntegrationChanges,
    { all: () => [] } as Partial<ChangeListeners> as ChangeListeners
  )

describe('the life cycle of the plugin', () => {
  afterEach(() => jest.useRealTimers())

  it('stops within the time that the host leaves, although a part never ends', async () => {
    jest.useFakeTimers()
    const stopped: string[] = []
    const lifecycle = lifecycleOf([
      { name: 'hangs', stop: () => new Promise<void>(() => undefined) },
      { name: 'fails', stop: () => Promise.reject(new Error('broken')) },
      { name: 'ends', stop: () => void stopped.push('ends') }
    ])
    await lifecycle.start()
    const stop = lifecycle.stop().then(() => stopped.push('all'))
    await jest.advanceTimersByTimeAsync(4_900)
    expect(stopped).toEqual(['ends'])
    await jest.advanceTimersByTimeAsync(200)
    await stop
    expect(stopped).toEqual(['ends', 'all'])
  })
})
