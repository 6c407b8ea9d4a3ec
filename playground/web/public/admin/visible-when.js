/** A schema's `visibleWhen`: `{name, value? | values? | exists?, not?}` over the fields beside it, or several that all hold. */
export function isVisible(condition, siblings) {
  if (condition === undefined) return true
  return [condition].flat().every((one) => holds(one, siblings[one.name]) !== (one.not === true))
}

function holds({ value, values, exists }, actual) {
  if (exists !== undefined) return exists === (actual !== undefined && actual !== null && actual !== '')
  return values ? values.includes(actual) : actual === value
}

/** What a form begins with: the schema's defaults below what is stored. */
export function withDefaults(schema, stored = {}) {
  const filled = { ...stored }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (property.type === 'object') filled[name] = withDefaults(property, filled[name] ?? {})
    else if ((filled[name] ?? undefined) === undefined && property.default !== undefined)
      filled[name] = property.default
  }
  return filled
}
