import { CallCounts } from './call-counts'
import { LarkApiError } from './lark-api-error'
import { LarkClient } from './lark-client.factory'
import { CallUrgency, PlannedCall, RateGovernor } from './rate-governor'
import { toLarkApiError } from './to-lark-api-error'

/** What a call uses up besides its own budget. */
export type CallTarget = Pick<PlannedCall, 'chatId' | 'messageId' | 'cardId'>

/** The way of every call: its turn, the SDK, one fresh token where the old one is refused, and one kind of error. */
export class LarkCaller {
  constructor(
    private readonly client: LarkClient,
    private readonly appKey: string,
    private readonly urgency: CallUrgency,
    private readonly governor: RateGovernor,
    private readonly counts: CallCounts,
    private readonly mayCall: () => Promise<void> = async () => {}
  ) {}

  async call<T>(api: string, target: CallTarget, send: (client: LarkClient) => Promise<T>): Promise<T> {
    const planned = { appKey: this.appKey, api, urgency: this.urgency, ...target }
    try {
      return await this.send(planned, send)
    } catch (error) {
      // The call itself was refused for its token, so nothing was done; the SDK alone would keep the token (trap 39).
      if (!(error instanceof LarkApiError) || error.code !== 'token') throw error
      this.client.tokens.clear()
      return this.send(planned, send)
    }
  }

  private async send<T>(planned: PlannedCall, send: (client: LarkClient) => Promise<T>): Promise<T> {
    await this.governor.turn(planned)
    await this.mayCall()
    try {
      const answer = await send(this.client)
      this.governor.heard(planned)
      this.counts.add(planned, 'ok')
      return answer
    } catch (error) {
      const failure = toLarkApiError(error, planned.api)
      this.governor.heard(planned, failure)
      this.counts.add(planned, failure.code)
      throw failure
    }
  }
}
