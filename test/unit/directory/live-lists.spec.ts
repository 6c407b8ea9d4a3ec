import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { LiveLists } from '../../../src/directory/live-lists'
import { DirectoryApi, DirectoryApis, ListedChat } from '../../../src/lark'
import { FixedClock } from '../../support/conversation-parts'
import { larkIntegration } from '../../support/lark-integration'

const NOW = new Date('2026-03-01T10:00:00Z')

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

describe('what Lark lists just now', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] })
  })

  afterEach(() => {
    jest.useRealTimers()
  })

  it('is not held in memory for longer than it is shown', async () => {
    const clock = new FixedClock(NOW)
    const listed: WeakRef<ListedChat>[] = []
    const api: Pick<DirectoryApi, 'chats'> = {
      chats: async () => {
        const chat = { chatId: 'oc_1', name: 'Group' }
        listed.push(new WeakRef(chat))
        return { items: [chat] }
      }
    }
    const lists = new LiveLists({ for: () => api } as unknown as DirectoryApis, clock)
    expect(await lists.groups(larkIntegration())).toHaveLength(1)
    await new Promise(setImmediate)
    collectGarbage()
    expect(listed[0]!.deref()).toBeDefined()

    clock.at = new Date(NOW.getTime() + 61_000)
    await jest.advanceTimersByTimeAsync(61_000)
    await new Promise(setImmediate)
    collectGarbage()
    expect(listed[0]!.deref()).toBeUndefined()
    expect(await lists.groups(larkIntegration())).toHaveLength(1)
  })
})
