import { Provider } from '@nestjs/common'
import { Notices } from './notices'
import { LarkReply } from './reply.entity'
import { ReplyLedger } from './reply-ledger.repository'
import { ReplyWriter } from './reply-writer'

export { Notices } from './notices'
export { FinalPhase } from './reply-phase'
export { isRepeatable } from './delivery'
export { frameDueInMs } from './frame-throttle'
export { HeldReply } from './reply-ledger.repository'
export { AnswerFrame, ReplyTarget, ReplyWriter } from './reply-writer'

export const replyEntities = [LarkReply]
export const replyProviders: Provider[] = [ReplyLedger, ReplyWriter, Notices]
