import type { LiveRecord } from './record.ts'

/** Limits an app sets for shared computers; `Infinity` where it set none. */
export interface Lifetimes {
  readonly maxSessionMs: number
  readonly idleTimeoutMs: number
}

/** When the session is over: at a limit of the app, or with a token that cannot be renewed. */
export function endsAtMs(
  { signedInAtMs, activeAtMs, refreshToken, token }: LiveRecord,
  { maxSessionMs, idleTimeoutMs }: Lifetimes,
): number {
  const tokensEndAtMs = refreshToken ? Infinity : token.expiresAtMs
  return Math.min(tokensEndAtMs, signedInAtMs + maxSessionMs, activeAtMs + idleTimeoutMs)
}

/** Whether an activity now is worth a write: not more often than ten times per idle time-out. */
export function isNews({ activeAtMs }: LiveRecord, { idleTimeoutMs }: Lifetimes, now: number): boolean {
  return now - activeAtMs > idleTimeoutMs / 10
}
