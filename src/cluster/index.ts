import { Provider } from '@nestjs/common'
import { InstanceIdentity, InstanceRegistry } from './instance-registry'
import { LarkInstance } from './instance.entity'
import { LarkJob } from './job.entity'

export { InstanceIdentity, InstanceRegistry } from './instance-registry'
export { PluginConfig, PluginConfigReader, pluginConfigSchema } from './plugin-config'

export const clusterEntities = [LarkInstance, LarkJob]
export const clusterProviders: Provider[] = [InstanceIdentity, InstanceRegistry]
