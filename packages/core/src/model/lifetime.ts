import type { LiveRecord } from './record.ts'

/** Limits an app sets for shared computers; `Infinity` where it set none. */
export interface Lifetimes {
  readonly maxSessionMs: number
  readonly idleTimeoutMs: number
}

/** The earliest known end of the session: a limit of the app or of the server, or a token that cannot be renewed. */
export function endsAtMs(
  { signedInAtMs, activeAtMs, refreshToken, refreshTokenEndsAtMs = Infinity, token }: LiveRecord,
  { maxSessionMs, idleTimeoutMs }: Lifetimes,
): number {
  // The last access token outlives the refresh token that brought it.
  const tokensEndAtMs = refreshToken ? Math.max(refreshTokenEndsAtMs, token.expiresAtMs) : token.expiresAtMs
  return Math.min(tokensEndAtMs, signedInAtMs + maxSessionMs, activeAtMs + idleTimeoutMs)
}

/** Tells if an activity now is worth a write: not more often than ten times per idle time-out. */
export function isNews({ activeAtMs }: LiveRecord, { idleTimeoutMs }: Lifetimes, now: number): boolean {
  return now - activeAtMs > idleTimeoutMs / 10
}
