import { ViewManifest } from '../../host'
import { label } from '../../i18n'
import { action, column, common, table, TabSituation } from './common'

export const usersManifest: ViewManifest = {
  ...common,
  key: 'users',
  title: label('users'),
  icon: { type: 'font', value: 'ri-user-line' },
  order: 3,
  ...table(
    [
      column('name', 'name', { sortable: true }),
      column('openId', 'openId'),
      column('platformUser', 'platformUser'),
      column('source', 'source'),
      column('lastSeenAt', 'lastSeen', { dataType: 'datetime', sortable: true })
    ],
    'searchUsers'
  ),
  actions: [action('read_from_lark', 'toolbar', 'readFromLark', 'ri-download-cloud-line')]
}

export const sessionsManifest: ViewManifest = {
  ...common,
  key: 'sessions',
  title: label('sessions'),
  icon: { type: 'font', value: 'ri-discuss-line' },
  order: 4,
  ...table(
    [
      column('chatType', 'chatType'),
      column('chat', 'chatId'),
      column('sender', 'senderOpenId'),
      column('expert', 'digitalExpert'),
      column('conversation', 'conversationId'),
      column('updatedAt', 'updated', { dataType: 'datetime', sortable: true })
    ],
    'searchSessions'
  ),
  actions: [
    action('new_conversation', 'row', 'newConversation', 'ri-chat-new-line', 'confirmNewConversation'),
    action('stop', 'row', 'stop', 'ri-stop-circle-line', 'confirmStop')
  ]
}

export const messagesManifest = ({ showsTexts }: TabSituation): ViewManifest => ({
  ...common,
  key: 'messages',
  title: label('messages'),
  icon: { type: 'font', value: 'ri-chat-history-line' },
  order: 5,
  ...table(
    [
      column('time', 'time', { dataType: 'datetime', sortable: true }),
      column('chat', 'chat'),
      column('sender', 'sender'),
      column('outcome', 'outcome'),
      column('took', 'waitedAndAnswered'),
      // Six columns are what the host shows well (host-observed 43); a run can still be searched for.
      showsTexts ? column('text', 'text') : column('run', 'run')
    ],
    'searchMessages'
  ),
  actions: [action('answer_again', 'row', 'answerAgain', 'ri-repeat-line', 'confirmAnswerAgain')]
})
