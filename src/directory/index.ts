import { Provider } from '@nestjs/common'
import { LarkChat } from './chat.entity'
import { Directory } from './directory'
import { SpeakerNames } from './speaker-names'
import { LarkUser } from './user.entity'

export { Directory } from './directory'
export { SpeakerNames } from './speaker-names'

export const directoryEntities = [LarkUser, LarkChat]
export const directoryProviders: Provider[] = [Directory, SpeakerNames]
