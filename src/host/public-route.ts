import { CustomDecorator, SetMetadata } from '@nestjs/common'

/** The host's global JWT guard lets a handler with this metadata pass (host-observed 14). Its scope guard still runs. */
export const PublicRoute = (): CustomDecorator => SetMetadata('isPublic', true)
