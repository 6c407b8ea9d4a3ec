import { ClockController } from './clock.controller'
import { FaultsController } from './faults.controller'
import { MemoryController } from './memory.controller'
import { ProcessorTimeController } from './processor-time.controller'
import { RunsController } from './runs.controller'
import { TokensController } from './tokens.controller'

export const controlControllers = [
  ClockController,
  FaultsController,
  MemoryController,
  ProcessorTimeController,
  RunsController,
  TokensController
]
