import { AskedBefore, kindOf, ListKind, WalkTask, walkStep } from '../../../src/directory/directory-walk'
import { DirectoryApi, LARK_CODES, LarkApiError, LarkReaction, MOST_IDS } from '../../../src/lark'
import { larkError } from '../../support/fake-lark'

/** Answers as the test says; what it says nothing of is not asked. */
const lark = (answers: Partial<DirectoryApi>): DirectoryApi => answers as DirectoryApi
const refusing = (error: Error): DirectoryApi => {
  const refuse = (): Promise<never> => Promise.reject(error)
  return lark({ range: refuse, members: refuse, children: refuse, users: refuse, chats: refuse, groupMembers: refuse })
}
const department = (id: string): WalkTask[] => [
  { part: 'members', department: id },
  { part: 'children', department: id }
]
const userGroup = (group: string): WalkTask[] => [
  { part: 'groupMembers', group, members: 'user' },
  { part: 'groupMembers', group, members: 'department' }
]
const nothing = { users: [], chats: [], tasks: [], isSkipped: false }

describe('a step of a walk through the directory', () => {
  it('begins with what the app may see: departments, people and user groups, page by page', async () => {
    const userIds = Array.from({ length: MOST_IDS + 1 }, (_, index) => `ou_${index}`)
    const api = lark({ range: async () => ({ departmentIds: ['od_1'], userIds, groupIds: ['g1'], next: 'second' }) })
    expect(await walkStep(api, { part: 'range' })).toEqual({
      ...nothing,
      tasks: [
        { part: 'range', token: 'second' },
        { part: 'people', ids: userIds.slice(0, MOST_IDS) },
        { part: 'people', ids: userIds.slice(MOST_IDS) },
        ...department('od_1'),
        { part: 'userGroups', ids: ['g1'] }
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

  it('asks for the members of the user groups that the range is made of', async () => {
    const api = lark({ readsEverybody: async () => false })
    expect(await walkStep(api, { part: 'userGroups', ids: ['g1', 'g2'] })).toEqual({
      ...nothing,
      tasks: [...userGroup('g1'), ...userGroup('g2')]
    })
  })

  it('asks for no user group where the app reads everybody: all of them are in its range then', async () => {
    const api = lark({ readsEverybody: async () => true })
    expect(await walkStep(api, { part: 'userGroups', ids: ['g1'] })).toEqual(nothing)
  })

  it('takes people and departments of a user group like those of the range, page by page', async () => {
    const [people, departments] = userGroup('g1')
    const userIds = Array.from({ length: MOST_IDS + 1 }, (_, index) => `ou_${index}`)
    expect(await walkStep(lark({ groupMembers: async () => ({ items: userIds, next: 'more' }) }), people!)).toEqual({
      ...nothing,
      tasks: [
        { ...people, token: 'more' },
        { part: 'people', ids: userIds.slice(0, MOST_IDS) },
        { part: 'people', ids: userIds.slice(MOST_IDS) }
      ]
    })
    expect(await walkStep(lark({ groupMembers: async () => ({ items: ['od_1'] }) }), departments!)).toEqual({
      ...nothing,
      tasks: department('od_1')
    })
  })

  it.each<[LarkReaction, WalkTask]>([
    ['forbidden', userGroup('g1')[0]!],
    ['invalid_request', userGroup('g1')[1]!],
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

  it.each<[WalkTask, ListKind]>([
    [{ part: 'groupMembers', group: 'g1', members: 'user' }, 'userGroups'],
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

describe('what a walk has asked for before', () => {
  const everything: WalkTask[] = [...department('od_1'), ...userGroup('g1'), { part: 'people', ids: ['ou_1', 'ou_2'] }]

  it('is asked for once, however many groups and departments name it', () => {
    const asked = new AskedBefore()
    expect(asked.fresh(everything)).toEqual(everything)
    expect(asked.fresh(everything)).toEqual([])
    expect(asked.fresh([{ part: 'people', ids: ['ou_2', 'ou_3', 'ou_3'] }])).toEqual([
      { part: 'people', ids: ['ou_3'] }
    ])
  })

  it('has further pages: they are other calls', () => {
    const asked = new AskedBefore()
    const further = everything.filter(({ part }) => part !== 'people').map((task) => ({ ...task, token: 'more' }))
    asked.fresh(everything)
    expect(asked.fresh(further)).toEqual(further)
  })

  it('leaves alone what begins a walk', () => {
    const begins: WalkTask[] = [{ part: 'range' }, { part: 'chats' }, { part: 'userGroups', ids: ['g1'] }]
    expect(new AskedBefore().fresh(begins)).toEqual(begins)
    expect(begins.map(kindOf)).toEqual(['people', 'groups', 'userGroups'])
  })
})
