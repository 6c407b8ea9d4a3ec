import { Provider } from '@nestjs/common'
import { LarkChat } from './chat.entity'
import { Directory } from './directory'
import { Identities } from './identities'
import { Newcomers } from './newcomers'
import { LarkProvisionUserProcessor } from './provision-user.processor'
import { LarkUser } from './user.entity'

export { Directory } from './directory'
export { Identities, Identity } from './identities'

export const directoryEntities = [LarkUser, LarkChat]
export const directoryProviders: Provider[] = [Directory, Newcomers, Identities, LarkProvisionUserProcessor]
