import { scryptSync, timingSafeEqual } from 'node:crypto'

const COST = { N: 1024 }

export function hashPassword(password: string, salt: string): string {
  return `${salt}:${scryptSync(password, salt, 32, COST).toString('hex')}`
}

export function passwordMatches(password: string, hash: string): boolean {
  const [salt] = hash.split(':')
  return timingSafeEqual(Buffer.from(hashPassword(password, salt)), Buffer.from(hash))
}
