import type { Token } from '../session.ts'
import { scopesFrom } from './tokens.ts'

/** A token response after validation, in our words. */
export interface TokenResponse {
  readonly accessToken: string
  readonly tokenType: 'DPoP' | undefined
  /** `undefined` where the server did not say. */
  readonly expiresInSeconds: number | undefined
  readonly refreshToken: string | undefined
  /** `undefined` means: as asked for (RFC 6749 section 5.1). */
  readonly scope: string | undefined
  readonly claims: Readonly<Record<string, unknown>> | undefined
}

/** How long a token is taken to be valid when the server does not say: five minutes. */
const unknownLifetimeSeconds = 300

/** @param sentAtMs when the request left: the lifetime cannot have begun earlier */
export function tokenFrom(answer: TokenResponse, askedFor: readonly string[], sentAtMs: number): Token {
  const { accessToken, tokenType, expiresInSeconds = unknownLifetimeSeconds, claims } = answer
  return {
    accessToken,
    // Thirty years are for ever, and still a date.
    expiresAtMs: sentAtMs + Math.min(expiresInSeconds, 1e9) * 1000,
    scopes: answer.scope === undefined ? askedFor : scopesFrom(answer.scope),
    ...(tokenType && { tokenType }),
    ...(claims && { claims }),
  }
}
