import { Controller, Get } from '@nestjs/common'
import { readerLanguage } from '../../host'
import { languageFrom } from '../../i18n'
import { ForIntegration, LarkIntegration, OwnIntegration } from '../../settings'
import { Doctor, RenderedLine, renderLine } from './doctor'

@Controller('lark')
export class LarkDoctorController {
  constructor(private readonly doctor: Doctor) {}

  @Get(':id/doctor')
  @ForIntegration('read')
  async examine(@OwnIntegration() integration: LarkIntegration): Promise<{ checkedAt: string; lines: RenderedLine[] }> {
    const { checkedAt, lines } = await this.doctor.reportOn(integration)
    const language = languageFrom(readerLanguage(), integration.settings.preferLanguage)
    return { checkedAt: checkedAt.toISOString(), lines: lines.map((line) => renderLine(line, language)) }
  }
}
