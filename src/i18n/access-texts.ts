/** Why somebody may not see or do something. */
export const ACCESS_TEXTS = {
  loginNeeded: { 'en-US': 'Please log in.', 'zh-Hans': '请先登录。' },
  permissionNeeded: { 'en-US': 'This needs one of: {permissions}.', 'zh-Hans': '需要以下权限之一：{permissions}。' },
  tryAgainLater: {
    'en-US': 'This can not be read just now. Please try again later.',
    'zh-Hans': '暂时无法读取，请稍后重试。'
  },
  viewNotFound: { 'en-US': 'There is no such view or action.', 'zh-Hans': '该视图或操作不存在。' }
} as const
