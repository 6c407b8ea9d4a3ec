/** What the trigger's form says. */
export const TRIGGER_LABELS = {
  peopleInGroups: ['Who may ask in groups', '群聊中可提问的用户'],
  sessionTimeout: [
    'Session timeout in seconds (idle longer, a new conversation begins; 0 = never)',
    '会话超时（秒，空闲超过后开启新会话；0 为永不）'
  ],
  summaryWindow: [
    'Message aggregation window in seconds (messages this close are answered together; 0 = off)',
    '消息聚合窗口（秒，连续消息合并回答；0 为关闭）'
  ],
  summaryMaxWait: ['Longest wait of the aggregation window in seconds', '聚合窗口最长等待（秒）'],
  summaryMaxMessages: ['Most messages of one aggregation window', '聚合窗口最多消息数'],
  sessionScope: ['Conversations in groups (topics always have their own)', '群聊会话范围（话题始终独立）'],
  sessionOfChat: ['One per group', '每个群一个会话'],
  sessionOfSender: ['One per person in a group', '群内每人一个会话'],
  sessionOfThread: ['One per message thread', '每条消息串一个会话'],
  respondToBots: ['Answer other bots that mention it', '回复提及它的其他机器人'],
  respondToMentionAll: ['Answer messages to @all', '回复 @所有人 的消息'],
  outOfScopeReply: ['Tell people who may not ask', '告知无权限的用户'],
  streaming: ['Show the answer while it grows', '流式显示回答'],
  approvers: ['Who may approve (open_id; empty: the person who asked)', '审批人（open_id；留空为提问者）'],
  runIdleTimeout: ['Longest silence of a run in seconds', '运行最长无响应时间（秒）'],
  attachmentMax: ['Largest attachment in MiB', '附件大小上限（MiB）'],
  historyMessages: ['Earlier messages to include as context', '作为上下文附带的历史消息数'],
  captureUnmentioned: ['Remember unmentioned group messages as context', '记录未提及的群消息作为上下文']
} as const satisfies Record<string, readonly [string, string]>
