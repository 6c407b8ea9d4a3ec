/** Who presses a button of which answer. */
export interface Presser {
  integrationId: string
  xpertId: string
  chatType: string
  chatId: string
  openId: string
}

/** What is so today, however it was when the question was asked. */
export interface ClickPermission {
  /** Why the Digital Expert that asked does not answer there any more; null while it does. */
  unavailable: 'not_published' | 'disabled' | null
  /** Whether this person may ask there. */
  mayAsk: boolean
  approverOpenIds: readonly string[]
}

/** What the published settings say of somebody who lets an answer go on. */
export abstract class ClickPermissions {
  abstract of(presser: Presser): Promise<ClickPermission>
}
