import { applyDecorators, SetMetadata } from '@nestjs/common'

/** SDK 3.7.2 lacks these two decorators; the host finds strategies by these strings (host-contract §3.1). */
const STRATEGY_META_KEY = 'XPERT_STRATEGY_META_KEY'

const strategy = (key: string, provider: string): ClassDecorator =>
  applyDecorators(SetMetadata(key, provider), SetMetadata(STRATEGY_META_KEY, key))

export const HandoffProcessorStrategy = (messageType: string): ClassDecorator =>
  strategy('HANDOFF_PROCESSOR_STRATEGY', messageType)

export const ViewExtensionProvider = (providerKey: string): ClassDecorator =>
  strategy('VIEW_EXTENSION_PROVIDER', providerKey)
