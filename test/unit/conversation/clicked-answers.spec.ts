import { ClickedAnswers } from '../../../src/conversation/clicked-answers'
import { ClickedTurn, ClickedTurnRepository } from '../../../src/conversation/clicked-turn.repository'
import {
  IntegrationLookUp,
  IntegrationReader,
  IntegrationUnavailableError,
  LarkIntegration
} from '../../../src/settings'

const integrationOf = (more: Partial<LarkIntegration> = {}, appId = 'cli_1'): LarkIntegration =>
  ({
    id: 'answering',
    tenantId: 't',
    organizationId: 'o',
    settings: { appId, region: 'feishu' },
    ...more
  }) as LarkIntegration

class Reader extends IntegrationReader {
  found: IntegrationLookUp = { integration: integrationOf() }

  async find(): Promise<LarkIntegration | null> {
    return typeof this.found === 'string' ? null : this.found.integration
  }

  async lookUp(): Promise<IntegrationLookUp> {
    return this.found
  }

  drop(): void {}
}

class Turns extends ClickedTurnRepository {
  override async find(turnId: string): Promise<ClickedTurn | null> {
    return turnId === 'turn' ? ({ id: 'turn', integrationId: 'answering' } as ClickedTurn) : null
  }
}

describe('the answer whose card was clicked', () => {
  const reader = new Reader()
  const answers = new ClickedAnswers(new Turns(undefined as never), reader)
  const receiver = (more: Partial<LarkIntegration> = {}, appId = 'cli_1') =>
    integrationOf({ id: 'receiving', ...more }, appId)

  beforeEach(() => {
    reader.found = { integration: integrationOf() }
  })

  it('is found by the integration that answers, and by another one of its app, which answers through the first', async () => {
    const own = integrationOf()
    expect(await answers.find('turn', own)).toMatchObject({ turn: { id: 'turn' }, integration: own })
    expect(await answers.find('turn', receiver())).toMatchObject({ integration: { id: 'answering' } })
  })

  it.each<[string, LarkIntegration]>([
    ['another tenant', receiver({ tenantId: 'other' })],
    ['another organisation', receiver({ organizationId: 'other' })],
    ['another app', receiver({}, 'cli_2')]
  ])('is nobody’s of %s', async (_whose, other) => {
    expect(await answers.find('turn', other)).toBeNull()
  })

  it.each(['unknown', 'unusable'] as const)('is none where the integration that answers is %s', async (found) => {
    reader.found = found
    expect(await answers.find('turn', receiver())).toBeNull()
    expect(await answers.find('gone', receiver())).toBeNull()
  })

  it('is not decided while nobody can say', async () => {
    reader.found = 'unavailable'
    await expect(answers.find('turn', receiver())).rejects.toThrow(IntegrationUnavailableError)
  })
})
