import { Injectable } from '@nestjs/common'
import { CallCounts } from '../call-counts'
import { appKeyOf, LarkApp } from '../lark-app'
import { LarkCaller } from '../lark-caller'
import { LarkClientFactory } from '../lark-client.factory'
import { RateGovernor } from '../rate-governor'
import { DirectoryApi } from './directory-api'

@Injectable()
export class DirectoryApis {
  constructor(
    private readonly clients: LarkClientFactory,
    private readonly governor: RateGovernor,
    private readonly counts: CallCounts
  ) {}

  /** Calls wait for their turn in the app's budget. */
  for(app: LarkApp): DirectoryApi {
    const client = this.clients.clientFor(app)
    return new DirectoryApi(new LarkCaller(client, appKeyOf(app), 'answer', this.governor, this.counts))
  }
}
