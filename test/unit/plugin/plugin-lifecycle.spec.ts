import { Logger } from '@nestjs/common'
import { BackgroundParts, ChangeListeners } from '../../../src/plugin/background-parts'
import { PluginLifecycle } from '../../../src/plugin/plugin-lifecycle'
import { PluginRelease } from '../../../src/plugin/plugin-release'
import { IntegrationChanges } from '../../../src/settings'

const lifecycleOf = (parts: BackgroundParts['inOrder']): PluginLifecycle =>
  new PluginLifecycle(
    new BackgroundParts(parts),
    {} as Partial<IntegrationChanges> as IntegrationChanges,
    new ChangeListeners([]),
    new PluginRelease('1.2.3'),
    { id: 'an instance' }
  )

describe('the life cycle of the plugin', () => {
  afterEach(() => jest.useRealTimers())

  it('stops within the time that the host leaves, although a part never ends', async () => {
    jest.useFakeTimers()
    const stopped: string[] = []
    const lifecycle = lifecycleOf([
      { name: 'hangs', part: { stop: () => new Promise<void>(() => undefined) } },
      { name: 'fails', part: { stop: () => Promise.reject(new Error('broken')) } },
      { name: 'ends', part: { stop: () => void stopped.push('ends') } }
    ])
    await lifecycle.start()
    const stop = lifecycle.stop().then(() => stopped.push('all'))
    await jest.advanceTimersByTimeAsync(4_900)
    expect(stopped).toEqual(['ends'])
    await jest.advanceTimersByTimeAsync(200)
    await stop
    expect(stopped).toEqual(['ends', 'all'])
  })

  it('says once at its start which version runs, and as which instance', async () => {
    const info = jest.spyOn(Logger.prototype, 'log').mockImplementation()
    const lifecycle = lifecycleOf([])
    await lifecycle.start()
    await lifecycle.start()
    expect(info.mock.calls).toEqual([['the plugin starts version=1.2.3 instance=an instance']])
    info.mockRestore()
  })
})
