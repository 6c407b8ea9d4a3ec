import { Injectable } from '@nestjs/common'
import { Clock } from '../shared'
import { CallCounts } from './call-counts'
import { AppInspections } from './inspection/app-inspection'
import { Remembered } from './remembered'
import { BotIdentity, FrameApi, LarkApi, LarkApis } from './lark-api'
import { appKeyOf, LarkApp } from './lark-app'
import { LarkCaller } from './lark-caller'
import { LarkClientFactory } from './lark-client.factory'
import { CallUrgency, RateGovernor } from './rate-governor'
import { SdkLarkApi } from './sdk-lark-api'

const BOT_FRESH_MS = 10 * 60_000

/** A granted scope is used within this time; asking is a metered call. */
const SCOPES_FRESH_MS = 60 * 60_000

@Injectable()
export class SdkLarkApis extends LarkApis {
  private readonly bots: Remembered<BotIdentity>
  private readonly scopes: Remembered<ReadonlySet<string>>

  constructor(
    private readonly clients: LarkClientFactory,
    private readonly governor: RateGovernor,
    private readonly counts: CallCounts,
    private readonly inspections: AppInspections,
    clock: Clock
  ) {
    super()
    this.bots = new Remembered(clock, BOT_FRESH_MS)
    this.scopes = new Remembered(clock, SCOPES_FRESH_MS)
  }

  for(app: LarkApp, urgency: CallUrgency = 'answer', mayCall?: () => Promise<void>): LarkApi {
    const client = this.clients.clientFor(app)
    return new SdkLarkApi(new LarkCaller(client, appKeyOf(app), urgency, this.governor, this.counts, mayCall))
  }

  botOf(app: LarkApp): Promise<BotIdentity | null> {
    return this.bots.of(this.clients.clientFor(app).key, () => this.for(app).getBot())
  }

  scopesOf(app: LarkApp, youngerThanMs?: number): Promise<ReadonlySet<string> | null> {
    const { key } = this.clients.clientFor(app)
    return this.scopes.of(key, () => this.inspections.for(app).grantedScopes(), youngerThanMs)
  }

  frameDelayMs(app: LarkApp, api: FrameApi): number {
    return this.governor.frameDelayMs(appKeyOf(app), api)
  }
}
