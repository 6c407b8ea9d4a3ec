import { Controller, Get, Query } from '@nestjs/common'
import { ForIntegration, LarkIntegration, OwnIntegration } from '../settings'
import { Pickers, SelectOption } from './pickers'

/** Repeated, comma-separated, or absent: as the form that asks writes it. */
const idsOf = (value: unknown): string[] =>
  [value ?? []]
    .flat()
    .flatMap((one) => String(one).split(','))
    .map((id) => id.trim())
    .filter((id) => id !== '')
    .slice(0, 500)

/** Bare arrays, as the host's select takes them; it shows every error as an empty list. */
@Controller('lark')
export class LarkPickersController {
  constructor(private readonly pickers: Pickers) {}

  @Get('user-select-options')
  @ForIntegration('pick', 'query')
  people(
    @OwnIntegration() integration: LarkIntegration,
    @Query('selected') selected: unknown
  ): Promise<SelectOption[]> {
    return this.pickers.people(integration, idsOf(selected))
  }

  @Get('chat-select-options')
  @ForIntegration('pick', 'query')
  groups(
    @OwnIntegration() integration: LarkIntegration,
    @Query('selected') selected: unknown
  ): Promise<SelectOption[]> {
    return this.pickers.groups(integration, idsOf(selected))
  }
}
