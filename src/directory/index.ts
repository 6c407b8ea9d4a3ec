import { Provider } from '@nestjs/common'
import { LarkChat } from './chat.entity'
import { Directory } from './directory'
import { PeopleNames } from './people-names'
import { LarkUser } from './user.entity'

export { Directory } from './directory'
export { PeopleNames } from './people-names'

export const directoryEntities = [LarkUser, LarkChat]
export const directoryProviders: Provider[] = [Directory, PeopleNames]
