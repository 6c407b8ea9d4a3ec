import { Language } from './language'
import { OutcomeCode } from './outcome-texts'

/** What an admin does about an outcome, where there is something. */
export const OUTCOME_STEPS: Partial<Record<OutcomeCode, Record<Language, string>>> = {
  empty_answer: {
    'en-US': 'Look at its workflow: does the last step answer?',
    'zh-Hans': '请检查其工作流：最后一步是否给出回答。'
  },
  disabled: { 'en-US': 'Switch Enabled on, and publish.', 'zh-Hans': '请打开“启用”并发布。' },
  direct_chat_not_allowed: { 'en-US': 'Add them, and publish.', 'zh-Hans': '请加入该用户并发布。' },
  group_not_allowed: { 'en-US': 'Add it, and publish.', 'zh-Hans': '请加入该群并发布。' },
  sender_not_allowed: { 'en-US': 'Add them, and publish.', 'zh-Hans': '请加入该用户并发布。' },
  settings_invalid: {
    'en-US': 'Correct what the checks of the trigger name, and publish.',
    'zh-Hans': '请按触发器的检查结果改正并发布。'
  },
  not_published: {
    'en-US': 'Publish one with a Lark Trigger; if Xpert shows it as published, change one of its settings first.',
    'zh-Hans': '请发布一个带有 Lark 触发器的数字专家；如果 Xpert 显示已发布，请先修改触发器的任意一项设置。'
  },
  integration_unusable: {
    'en-US': 'Open it: Test names the field. Then save.',
    'zh-Hans': '请打开集成，“测试”会指出是哪一项，改好后保存。'
  },
  wrong_app: {
    'en-US': 'Its person may write to the bot of the new app.',
    'zh-Hans': '用户可以给新应用的机器人发送消息。'
  },
  click_not_allowed: {
    'en-US': 'The trigger names who may approve.',
    'zh-Hans': '审批人由触发器指定。'
  },
  attempts_exhausted: {
    'en-US': 'The log lines of Lark:inbox name the fault; then Answer again.',
    'zh-Hans': 'Lark:inbox 的日志中有原因，处理后请重新回答。'
  },
  integration_unreadable: {
    'en-US': 'Look at the log of the server: database, integration service; then Answer again.',
    'zh-Hans': '请查看服务器日志（数据库、集成服务），处理后请重新回答。'
  },
  bot_unknown: {
    'en-US': 'Diagnosis tests the credentials and the bot; then Answer again.',
    'zh-Hans': '诊断页会检查凭证和机器人，处理后请重新回答。'
  },
  run_failed: {
    'en-US': 'Its run in Xpert says why; then Answer again.',
    'zh-Hans': '请在 Xpert 中查看该次运行的原因，处理后请重新回答。'
  },
  run_lost: { 'en-US': 'Was the server restarted? Answer again.', 'zh-Hans': '服务器是否曾重启？请重新回答。' },
  run_interrupted: { 'en-US': 'Was the server restarted? Answer again.', 'zh-Hans': '服务器是否曾重启？请重新回答。' },
  delivery_unknown: {
    'en-US': 'Ask the person whether it is there; if not, Answer again.',
    'zh-Hans': '请询问用户是否收到，未收到则重新回答。'
  },
  quota_exhausted: {
    'en-US': 'It takes a larger plan, or the next month.',
    'zh-Hans': '请升级套餐，或等到下个月。'
  },
  run_cancelled: { 'en-US': 'Who cancelled it in Xpert?', 'zh-Hans': '请查明是谁在 Xpert 中取消的。' }
}
