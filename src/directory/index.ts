import { Provider } from '@nestjs/common'
import { LarkChat } from './chat.entity'
import { Directory } from './directory'
import { LarkUser } from './user.entity'

export { Directory } from './directory'

export const directoryEntities = [LarkUser, LarkChat]
export const directoryProviders: Provider[] = [Directory]
