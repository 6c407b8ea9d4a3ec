import { ClockController } from './clock.controller'
import { FaultsController } from './faults.controller'
import { RunsController } from './runs.controller'
import { TokensController } from './tokens.controller'

export const controlControllers = [ClockController, FaultsController, RunsController, TokensController]
