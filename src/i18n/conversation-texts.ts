/** What people read about their conversations: turns, windows, commands. */
export const CONVERSATION_TEXTS = {
  runInterrupted: {
    'en-US': 'The answer was interrupted.',
    'zh-Hans': '回答被中断。'
  }
} as const
