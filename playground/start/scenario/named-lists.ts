/** Settings of the trigger that hold Lark's ids, in which a scenario writes names. */
export const NAMED_LISTS: Readonly<Record<string, 'people' | 'groups'>> = {
  singleChatUserOpenIds: 'people',
  groupUserOpenIds: 'people',
  approverOpenIds: 'people',
  allowedGroupChatIds: 'groups'
}
