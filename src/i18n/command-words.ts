export type CommandName = 'new' | 'stop' | 'help'

/** How each command is written; with a slash it may be followed by a text, without one only the Chinese words count, alone. */
export const COMMAND_WORDS: Record<CommandName, { english: readonly string[]; chinese: readonly string[] }> = {
  new: { english: ['new'], chinese: ['新会话', '新对话'] },
  stop: { english: ['stop'], chinese: ['停止'] },
  help: { english: ['help'], chinese: ['帮助'] }
}
