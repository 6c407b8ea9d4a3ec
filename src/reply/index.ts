import { Provider } from '@nestjs/common'
import { AppForms } from './app-forms'
import { FileMessages } from './file-messages'
import { Notices } from './notices'
import { LarkReply } from './reply.entity'
import { ReplyLedger } from './reply-ledger.repository'
import { ReplyWriter } from './reply-writer'
import { TypingSign } from './typing-sign'

export { MAX_QUESTION_BYTES } from './answer-parts'
export { nestedBytes } from './split-markdown'
export { CardButton } from './card-renderer'
export { FileMessages } from './file-messages'
export { Notices } from './notices'
export { FinalPhase, RestingPhase } from './reply-phase'
export { idsOf, isRepeatable, UUID_MS } from './delivery'
export { frameDueInMs } from './frame-throttle'
export { STREAMING_RENEW_MS } from './card-operations'
export { HeldReply, ReplyLedger } from './reply-ledger.repository'
export { AnswerFrame, Delivery, ReplyTarget, ReplyWriter } from './reply-writer'
export { TypingSign } from './typing-sign'

export const replyEntities = [LarkReply]
export const replyProviders: Provider[] = [ReplyLedger, AppForms, TypingSign, ReplyWriter, FileMessages, Notices]
