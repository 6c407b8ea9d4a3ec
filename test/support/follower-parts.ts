import { DataSource } from 'typeorm'
import { AnswerFiles } from '../../src/conversation/answer-files/answer-files'
import { ShownAnswers } from '../../src/conversation/answer-files/shown-answers'
import { RunFinisher } from '../../src/conversation/run-finisher'
import { RunFollower } from '../../src/conversation/run-follower'
import { RunProgressReader } from '../../src/conversation/run-progress'
import { TurnContext, TurnContexts } from '../../src/conversation/turn-contexts'
import { FileMessages, ReplyLedger, ReplyWriter, TypingSign } from '../../src/reply'
import { AppForms } from '../../src/reply/app-forms'
import { SystemClock } from '../../src/shared'
import { conversationParts } from './conversation-parts'
import { FakeLark } from './fake-lark'
import { larkIntegration } from './lark-integration'

/** What of a process shows the answers of `parts`: each call gives another process. */
export const followerOf = (
  dataSource: DataSource,
  { turns, events, attempts }: ReturnType<typeof conversationParts>,
  lark: FakeLark,
  change: Partial<TurnContext> = {}
): RunFollower => {
  const clock = new SystemClock()
  const ledger = new ReplyLedger(dataSource)
  const writer = new ReplyWriter(lark, ledger, new AppForms(lark, clock), new TypingSign(lark, ledger, clock), clock)
  const noFiles: Pick<AnswerFiles, 'show'> = {
    show: async (_turn, _integration, markdown) => ({ markdown, files: [], lost: [] })
  }
  const context: TurnContext = {
    integration: larkIntegration(),
    isRemoved: false,
    language: 'en-US',
    chosenLanguage: undefined,
    endUser: 'ou_1',
    ...change
  }
  const contexts: Pick<TurnContexts, 'of'> = { of: async () => context }
  const shown = new ShownAnswers(writer, noFiles as AnswerFiles, new FileMessages(lark, ledger, clock))
  const finisher = new RunFinisher(writer, shown, contexts as TurnContexts, attempts, clock)
  const progress = new RunProgressReader(events, clock)
  return new RunFollower(turns, progress, writer, contexts as TurnContexts, finisher, clock)
}
