import Ajv, { type ErrorObject } from 'ajv'
import type { Problem } from './invalid-scenario'
import { scenarioSchema } from './schema'

const validate = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true, discriminator: true }).compile(
  scenarioSchema
)

/** Where the file's content differs from the schema. */
export function schemaProblems(content: unknown): Problem[] {
  return validate(content) ? [] : (validate.errors ?? []).map(problemOf)
}

function problemOf(error: ErrorObject): Problem {
  const at = error.instancePath.slice(1)
  const below = (key: string): string => (at ? `${at}/${key}` : key)
  switch (error.keyword) {
    case 'additionalProperties':
      return { at: below(String(error.params.additionalProperty)), message: `is not known here; ${known(error)}` }
    case 'required':
      return { at: below(String(error.params.missingProperty)), message: 'is missing' }
    case 'enum':
      return { at, message: `must be one of ${(error.params.allowedValues as unknown[]).join(', ')}` }
    case 'const':
      return { at, message: `must be ${String(error.params.allowedValue)}` }
    case 'discriminator':
      return { at: below('kind'), message: `must be one of ${kinds(error)}` }
    case 'minProperties':
    case 'maxProperties':
      return { at, message: 'must have exactly one verb' }
    default:
      return { at, message: error.message ?? error.keyword }
  }
}

function known(error: ErrorObject): string {
  const keys = Object.keys((error.parentSchema?.properties ?? {}) as object)
  return keys.length > 0 ? `known are ${keys.join(', ')}` : 'nothing is'
}

function kinds(error: ErrorObject): string {
  const schemas = (error.parentSchema?.oneOf ?? []) as { properties: { kind: { const: string } } }[]
  return schemas.map(({ properties }) => properties.kind.const).join(', ')
}
