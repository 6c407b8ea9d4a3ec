import { Logger as NestLogger } from '@nestjs/common'
import { Logger } from 'graphile-worker'

const nest = new NestLogger('Handoff')

/** The queue library logs every job; only what is wrong is worth a line of the host's log. */
export const quietLogger = new Logger(() => (level, message) => {
  if (level === 'error') nest.error(message)
  else if (level === 'warning') nest.debug(message)
})
