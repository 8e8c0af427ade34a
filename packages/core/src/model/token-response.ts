import type { Token } from '../session.ts'
import { scopesFrom } from './tokens.ts'

/** A token response: every member that can be used, in our words. `null` and `''` count as absent. */
export interface TokenResponse {
  /** Absent where the response brought none that can be used: `problem` names the member at fault. */
  readonly accessToken: string | undefined
  /** A member of the response, such as `token_type`. */
  readonly problem: string | undefined
  readonly tokenType: 'DPoP' | undefined
  /** `undefined` where the server did not say. */
  readonly expiresInSeconds: number | undefined
  readonly refreshToken: string | undefined
  /** `refresh_token_expires_in` or `refresh_expires_in`; no RFC has either. */
  readonly refreshTokenExpiresInSeconds: number | undefined
  /** `undefined` means: as asked for (RFC 6749 section 5.1). */
  readonly scope: string | undefined
  readonly claims: Readonly<Record<string, unknown>> | undefined
}

/** A token response with an access token. */
export interface UsableTokenResponse extends TokenResponse {
  readonly accessToken: string
}

export const isUsable = (response: TokenResponse): response is UsableTokenResponse =>
  response.accessToken !== undefined

/** The lifetime of an access token without `expires_in` (RFC 6749 section 5.1): five minutes, in seconds. */
const unknownLifetimeSeconds = 300

/** @param sentAtMs when the request left: the lifetime cannot have begun earlier */
export function tokenFrom(
  response: UsableTokenResponse,
  askedFor: readonly string[],
  sentAtMs: number,
): Token {
  const { accessToken, tokenType, expiresInSeconds = unknownLifetimeSeconds, claims } = response
  return {
    accessToken,
    // Thirty years are for ever, and still a date.
    expiresAtMs: sentAtMs + Math.min(expiresInSeconds, 1e9) * 1000,
    scopes: response.scope === undefined ? askedFor : scopesFrom(response.scope),
    ...(tokenType && { tokenType }),
    ...(claims && { claims }),
  }
}
