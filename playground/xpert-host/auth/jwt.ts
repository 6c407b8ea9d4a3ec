import { sign, verify } from 'jsonwebtoken'

// The SDK's RequestContext verifies tokens with this very variable.
process.env.JWT_SECRET ??= 'playground-secret'

export interface TokenClaims {
  id: string
  tenantId: string
  role: string | null
  permissions: string[]
}

/** No expiry: the host's clock may be set hours ahead of the client's. */
export const signToken = (claims: TokenClaims): string =>
  sign(claims, process.env.JWT_SECRET as string, { noTimestamp: true })

/** Undefined for a token that is not ours. */
export function readToken(token: string): TokenClaims | undefined {
  try {
    return verify(token, process.env.JWT_SECRET as string) as TokenClaims
  } catch {
    return undefined
  }
}
