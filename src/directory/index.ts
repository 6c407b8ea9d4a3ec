import { Provider, Type } from '@nestjs/common'
import { LarkChat } from './chat.entity'
import { ChatNames } from './chat-names'
import { ChatRepository } from './chat.repository'
import { Directory } from './directory'
import { DirectoryRead } from './directory-read'
import { LarkPickersController } from './lark-pickers.controller'
import { LiveLists } from './live-lists'
import { Pickers } from './pickers'
import { Identities } from './identities'
import { Newcomers } from './newcomers'
import { PeopleRetention } from './people-retention'
import { LarkProvisionUserProcessor } from './provision-user.processor'
import { SpeakerNames } from './speaker-names'
import { UnseenPeople } from './unseen-people'
import { LarkUser } from './user.entity'
import { UserRepository } from './user.repository'

export { ChosenTargets } from './chosen'
export { KeptPeople } from './kept-people'
export { ChatNames } from './chat-names'
export { Directory } from './directory'
export { SpeakerNames } from './speaker-names'
export { DirectoryRead, ReadProgress } from './directory-read'
export { Identities, Identity } from './identities'
export { PeopleRetention } from './people-retention'
export { containing, PageQuery, UserRepository, UserRow, UserSource } from './user.repository'

export const directoryEntities = [LarkUser, LarkChat]
export const directoryControllers: Type[] = [LarkPickersController]
export const directoryProviders: Provider[] = [
  UserRepository,
  ChatRepository,
  Directory,
  SpeakerNames,
  ChatNames,
  DirectoryRead,
  UnseenPeople,
  PeopleRetention,
  LiveLists,
  Pickers,
  Newcomers,
  Identities,
  LarkProvisionUserProcessor
]
