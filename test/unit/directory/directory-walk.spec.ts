import { WalkTask, walkStep } from '../../../src/directory/directory-walk'
import { DirectoryApi, LARK_CODES, LarkApiError, LarkReaction, MOST_IDS } from '../../../src/lark'
import { larkError } from '../../support/fake-lark'

/** Answers as the test says; what it says nothing of is not asked. */
const lark = (answers: Partial<DirectoryApi>): DirectoryApi => answers as DirectoryApi
const refusing = (error: Error): DirectoryApi => {
  const refuse = (): Promise<never> => Promise.reject(error)
  return lark({ range: refuse, members: refuse, children: refuse, users: refuse, chats: refuse })
}
const department = (id: string): WalkTask[] => [
  { part: 'members', department: id },
  { part: 'children', department: id }
]
const nothing = { users: [], chats: [], tasks: [], isSkipped: false }

describe('a step of a walk through the directory', () => {
  it('begins with what the app may see: departments and people, page by page', async () => {
    const userIds = Array.from({ length: MOST_IDS + 1 }, (_, index) => `ou_${index}`)
    const api = lark({ range: async () => ({ departmentIds: ['od_1'], userIds, next: 'second' }) })
    expect(await walkStep(api, { part: 'range' })).toEqual({
      ...nothing,
      tasks: [
        { part: 'range', token: 'second' },
        { part: 'people', ids: userIds.slice(0, MOST_IDS) },
        { part: 'people', ids: userIds.slice(MOST_IDS) },
        ...department('od_1')
      ]
    })
  })

  it('goes down into departments, and on to their next pages', async () => {
    const ann = { openId: 'ou_ann' }
    const api = lark({
      members: async () => ({ items: [ann], next: 'more' }),
      children: async () => ({ items: ['od_2'] })
    })
    const [members, children] = department('od_1')
    expect(await walkStep(api, members!)).toEqual({ ...nothing, users: [ann], tasks: [{ ...members, token: 'more' }] })
    expect(await walkStep(api, children!)).toEqual({ ...nothing, tasks: department('od_2') })
  })

  it.each<[LarkReaction, WalkTask]>([
    ['forbidden', { part: 'members', department: 'od_1' }],
    ['forbidden', { part: 'children', department: 'od_1' }],
    ['target_gone', { part: 'members', department: 'od_1' }],
    ['invalid_request', { part: 'people', ids: ['ou_1'] }],
    ['forbidden', { part: 'chats' }],
    ['invalid_request', { part: 'range', token: 'a page that is gone' }]
  ])('that Lark refuses with %s ends nothing but itself: %j', async (code, task) => {
    expect(await walkStep(refusing(larkError(code)), task)).toEqual({ ...nothing, isSkipped: true })
  })

  it('begins at the root where Lark does not say what the app may see', async () => {
    expect(await walkStep(refusing(larkError('forbidden')), { part: 'range' })).toEqual({
      ...nothing,
      tasks: department('0')
    })
  })

  it.each<[WalkTask, 'people' | 'groups']>([
    [{ part: 'range' }, 'people'],
    [{ part: 'members', department: 'od_1' }, 'people'],
    [{ part: 'chats' }, 'groups']
  ])('without the scope says that nothing more of its kind need be asked: %j', async (task, missing) => {
    const error = new LarkApiError('forbidden', { api: 'test', larkCode: LARK_CODES.scopeMissing })
    expect(await walkStep(refusing(error), task)).toEqual({ ...nothing, isSkipped: true, missing })
  })

  it.each<[string, Error]>([
    ['Lark can not be asked now', larkError('retry')],
    ['the app is none', larkError('credentials')],
    ['we are at fault', new Error('a bug')]
  ])('fails where %s', async (_, error) => {
    await expect(walkStep(refusing(error), { part: 'members', department: 'od_1' })).rejects.toBe(error)
  })
})
