import { TextKey } from '../../i18n'
import { LarkReaction } from '../../lark'

const TEXTS: Record<LarkReaction, TextKey> = {
  retry: 'reaction_retry',
  unknown_outcome: 'reaction_unknown_outcome',
  slow_down: 'reaction_slow_down',
  drop_frame: 'reaction_drop_frame',
  step_down: 'reaction_step_down',
  too_long: 'reaction_too_long',
  content_refused: 'reaction_content_refused',
  stream_closed: 'reaction_stream_closed',
  sequence: 'reaction_sequence',
  target_gone: 'reaction_target_gone',
  topic_gone: 'reaction_topic_gone',
  no_topics: 'reaction_no_topics',
  forbidden: 'reaction_forbidden',
  quota: 'reaction_quota',
  credentials: 'reaction_credentials',
  token: 'reaction_token',
  invalid_request: 'reaction_invalid_request'
}

const isReaction = (name: string): name is LarkReaction => Object.hasOwn(TEXTS, name)

/** Why Lark did not do what it was asked, in short. Another instance may count what only a newer version knows. */
export const reactionText = (reaction: string): TextKey => (isReaction(reaction) ? TEXTS[reaction] : 'reaction_other')
