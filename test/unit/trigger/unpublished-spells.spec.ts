import { InstanceRegistry } from '../../../src/cluster'
import { REPUBLISH_MS } from '../../../src/trigger/event-routes'
import { UnpublishedSpells } from '../../../src/trigger/unpublished-spells'
import { FixedClock } from '../../support/conversation-parts'

class Instances extends InstanceRegistry {
  constructor(private readonly count: number) {
    super(undefined as never, undefined as never)
  }

  override get living(): number {
    return this.count
  }
}

const START = new Date('2026-03-01T10:00:00Z')

describe('UnpublishedSpells', () => {
  const clock = new FixedClock(START)
  const pass = (ms: number): Date => (clock.at = new Date(clock.at.getTime() + ms))
  let spells: UnpublishedSpells
  const after = (ms: number, integrationId = 'one'): number => {
    pass(ms)
    return spells.unpublished(integrationId)
  }

  beforeEach(() => {
    clock.at = START
    spells = new UnpublishedSpells(clock, new Instances(1))
  })

  it('counts from the first look, each integration for itself', () => {
    expect(after(0)).toBe(0)
    expect(after(2_000)).toBe(2_000)
    expect(after(0, 'other')).toBe(0)
    expect(after(14_000)).toBe(16_000)
  })

  it('begins again after a publication, and after a long time without a look', () => {
    expect(after(0)).toBe(0)
    spells.published('one')
    expect(after(1_000)).toBe(0)
    expect(after(14_999)).toBe(14_999)
    expect(after(15_000)).toBe(0)
  })

  it('lasts no longer for a clock that is set back', () => {
    expect(after(0)).toBe(0)
    expect(after(10_000)).toBe(10_000)
    expect(after(-3_600_000)).toBe(10_000)
    expect(after(6_000)).toBe(16_000)
  })

  it.each([2, 7, 30])('comes to its end where %i instances look in turn', (count) => {
    const all = Array.from({ length: count }, () => new UnpublishedSpells(clock, new Instances(count)))
    const found = Array.from({ length: 20 * count }, (_none, at) => {
      pass(2_000 + 2_000 / count)
      return all[at % count]!.unpublished('one')
    })
    expect(Math.max(...found)).toBeGreaterThan(REPUBLISH_MS)
  })
})
