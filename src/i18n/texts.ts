/** Every sentence that a person reads in a chat, in both languages. `{name}` stands for a parameter. */
export const TEXTS = {
  answering: { 'en-US': 'Working on it…', 'zh-Hans': '正在处理…' },
  emptyAnswer: {
    'en-US': 'The Digital Expert finished without an answer.',
    'zh-Hans': '数字专家已结束，但没有给出回答。'
  },
  runFailed: {
    'en-US': 'Something went wrong while answering. Please try again.',
    'zh-Hans': '回答时出现问题，请重试。'
  },
  runCancelled: { 'en-US': 'Stopped.', 'zh-Hans': '已停止。' },
  approvalNeeded: {
    'en-US': 'This needs an approval that can not be given here yet.',
    'zh-Hans': '该操作需要审批，目前暂不支持在此处审批。'
  },
  notUnderstood: {
    'en-US': 'I can not read this kind of message yet. Please write it as text.',
    'zh-Hans': '我暂时无法识别这类消息，请用文字发送。'
  },
  emptyMessage: {
    'en-US': 'You mentioned me without a question. What would you like to know?',
    'zh-Hans': '您提到了我，但没有提问。请问需要什么帮助？'
  },
  notAnswered: {
    'en-US': 'Your message could not be answered. Please send it again.',
    'zh-Hans': '您的消息未能得到回复，请重新发送。'
  },
  toolRunning: { 'en-US': 'Using {tool}…', 'zh-Hans': '正在使用 {tool}…' }
} as const satisfies Record<string, Record<Language, string>>

export type Language = 'en-US' | 'zh-Hans'
export type TextKey = keyof typeof TEXTS

export const say = (key: TextKey, language: Language, parameters: Record<string, string> = {}): string =>
  TEXTS[key][language].replace(/\{(\w+)\}/g, (whole, name: string) => parameters[name] ?? whole)

/** A person's language from the integration's Preferred Language; English where none is set. */
export const languageOf = (preferred: 'en' | 'zh-Hans' | undefined): Language =>
  preferred === 'zh-Hans' ? 'zh-Hans' : 'en-US'
