import { Clock } from '../../../src/shared'
import { UnpublishedSpells } from '../../../src/trigger/unpublished-spells'

class HandClock extends Clock {
  at = 1_000_000

  override now(): Date {
    return new Date(this.at)
  }
}

describe('UnpublishedSpells', () => {
  const clock = new HandClock()
  const spells = new UnpublishedSpells(clock)
  const after = (ms: number, integrationId = 'one'): number => {
    clock.at += ms
    return spells.unpublished(integrationId)
  }

  it('counts from the first look, each integration for itself', () => {
    expect(after(0)).toBe(0)
    expect(after(2_000)).toBe(2_000)
    expect(after(0, 'other')).toBe(0)
    expect(after(14_000)).toBe(16_000)
  })

  it('begins again after a publication, and after a long time without a look', () => {
    spells.published('one')
    expect(after(1_000)).toBe(0)
    expect(after(14_999)).toBe(14_999)
    expect(after(15_000)).toBe(0)
  })
})
