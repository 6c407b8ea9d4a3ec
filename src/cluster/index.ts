import { Provider } from '@nestjs/common'
import { InstanceIdentity, InstanceRegistry } from './instance-registry'
import { LarkInstance } from './instance.entity'
import { LarkJob } from './job.entity'
import { SingletonJobs } from './singleton-jobs'

export { InstanceIdentity, InstanceRegistry, LivingInstance } from './instance-registry'
export { JobLease, OpenJob, SingletonJobs } from './singleton-jobs'
export { RetentionJob, RetentionLimits, RetentionStep } from './retention-job'
export { PluginConfig, PluginConfigReader, pluginConfigSchema } from './plugin-config'

export const clusterEntities = [LarkInstance, LarkJob]
export const clusterProviders: Provider[] = [InstanceIdentity, InstanceRegistry, SingletonJobs]
