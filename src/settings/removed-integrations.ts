import { Injectable } from '@nestjs/common'
import { PluginConfigReader, RetentionJob, SingletonJobs } from '../cluster'
import { Clock, Log } from '../shared'
import { IntegrationChanges } from './integration-changes'

/** Looks for integrations that were removed while nobody here was told. */
@Injectable()
export class RemovedIntegrations extends RetentionJob {
  constructor(changes: IntegrationChanges, jobs: SingletonJobs, config: PluginConfigReader, clock: Clock) {
    const steps = { removedIntegrations: () => changes.removeUnannounced() }
    super('removed-integrations', steps, jobs, config, clock, new Log('settings'))
  }
}
