import { missingFilesText } from '../../../src/conversation/question/missing-files'
import { say } from '../../../src/i18n'

describe('what a person reads of files that could not be had', () => {
  it('names the permission that an admin can grant, in groups too', () => {
    const text = (refusal: 'permission' | 'group_permission') =>
      missingFilesText([{ name: 'plan.pdf', refusal }], 20, 'en-US')
    expect(text('permission')).toContain('plan.pdf. An admin can grant the app the permission im:message:readonly')
    expect(text('group_permission')).toContain(
      'plan.pdf. An admin can grant the app the permission im:message.group_msg'
    )
  })
})

describe('what Diagnosis says that a permission unlocks', () => {
  it('names files, quotes, bundles and cards, and in groups quotes, files and remembered messages', () => {
    expect(say('featureFiles', 'en-US')).toMatch(/files.*quoted.*forwarded.*cards/)
    expect(say('featureEveryGroupMessage', 'en-US')).toMatch(/every message.*@all.*quoted.*files/)
  })
})
