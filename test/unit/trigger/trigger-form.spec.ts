import 'reflect-metadata'
import { LarkPickersController } from '../../../src/directory/lark-pickers.controller'
import { triggerForm } from '../../../src/trigger/trigger-form'

interface Field {
  type: string
  'x-ui'?: { component?: string; selectUrl?: string; multiple?: boolean; depends?: { name: string; alias: string }[] }
}

const pickers = Object.entries(triggerForm.properties as Record<string, Field>).filter(([, field]) =>
  field['x-ui']?.selectUrl?.startsWith('/api/lark/')
)
const routes = Object.getOwnPropertyNames(LarkPickersController.prototype).flatMap((name) => {
  const handler = Reflect.get(LarkPickersController.prototype, name) as object
  const path: unknown = Reflect.getMetadata('path', handler)
  return typeof path === 'string' && name !== 'constructor' ? [`/api/lark/${path}`] : []
})

describe('the pickers of the trigger’s form', () => {
  it('are there for people and for groups', () => {
    expect(pickers.map(([name]) => name)).toEqual(
      expect.arrayContaining(['singleChatUserOpenIds', 'allowedGroupChatIds'])
    )
  })

  it.each(pickers)('%s loads a list that there is, of the chosen integration', (_name, field) => {
    expect(routes).toContain(field['x-ui']!.selectUrl)
    expect(field).toMatchObject({
      type: 'string',
      'x-ui': { component: 'remoteSelect', multiple: true, depends: [{ name: 'integrationId', alias: 'integration' }] }
    })
  })
})
