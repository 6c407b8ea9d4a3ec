/**
 * Whether a parsed JSON value would be larger than so many characters; at least as many as it has are counted, and no more
 * than `limit` of it is looked at: serialising one of 50 MB would keep the whole process busy.
 */
export const isLargerThan = (value: unknown, limit: number): boolean => {
  const open: unknown[] = [value]
  let left = limit
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    left -= typeof one === 'string' ? one.length : 1
    if (left >= 0 && typeof one === 'object' && one !== null) left = pushed(open, one, left)
    if (left < 0) return true
  }
  return false
}

const pushed = (open: unknown[], parent: object, limit: number): number => {
  let left = limit
  // Not `Object.entries`: it would copy all of an array of millions.
  for (const key in parent) {
    left -= Array.isArray(parent) ? 1 : key.length
    if (left < 0) return left
    open.push((parent as Record<string, unknown>)[key])
  }
  return left
}
