import { BindingEventTarget } from '../../../src/trigger/binding-event-target'
import { BindingRepository } from '../../../src/trigger/binding.repository'
import { larkIntegration } from '../../support/lark-integration'

class MemoryBindings extends BindingRepository {
  bound: string[] = []

  constructor() {
    super(undefined as never)
  }

  override async boundIntegrations(): Promise<string[]> {
    return this.bound
  }

  override async removeIntegration(integrationId: string): Promise<void> {
    this.bound = this.bound.filter((id) => id !== integrationId)
  }
}

const integrations = ['a', 'b', 'c'].map((id) => larkIntegration({}, { id }))

describe('BindingEventTarget', () => {
  const setUp = async (...bound: string[]) => {
    const bindings = new MemoryBindings()
    bindings.bound = bound
    const target = new BindingEventTarget(bindings)
    await target.refresh()
    return { bindings, target }
  }

  it('gives the events of a shared app to the integration with a published expert', async () => {
    expect((await setUp('b')).target.pick(integrations).id).toBe('b')
  })

  it('gives them to the first where none is bound, and to the first bound one where several are', async () => {
    expect((await setUp()).target.pick(integrations).id).toBe('a')
    expect((await setUp('c', 'b')).target.pick(integrations).id).toBe('b')
  })

  it('names all that have a published expert', async () => {
    const published = (await setUp('c', 'b', 'elsewhere')).target.published(integrations)
    expect(published.map(({ id }) => id)).toEqual(['b', 'c'])
  })

  it('answers from memory until it is refreshed', async () => {
    const { bindings, target } = await setUp()
    bindings.bound = ['c']
    expect(target.pick(integrations).id).toBe('a')
    await target.integrationChanged()
    expect(target.pick(integrations).id).toBe('c')
  })

  it('forgets a removed integration and its binding, once it is gone', async () => {
    const { bindings, target } = await setUp('b')
    await target.integrationRemoved('b', false)
    expect(bindings.bound).toEqual(['b'])
    await target.integrationRemoved('b', true)
    expect([bindings.bound, target.pick(integrations).id]).toEqual([[], 'a'])
  })
})
