import type { Token } from '../session.ts'
import type { LiveRecord } from './record.ts'

/** A token response after validation, in our words. */
export interface TokenAnswer {
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

/** `'a b'` and `['a', 'b']` alike. */
export function scopesFrom(scope: string | readonly string[] | undefined): readonly string[] {
  return typeof scope === 'string' ? scope.split(' ').filter(Boolean) : [...(scope ?? [])]
}

/** @param sentAtMs when the request left: the lifetime cannot have begun earlier */
export function tokenFrom(answer: TokenAnswer, askedFor: readonly string[], sentAtMs: number): Token {
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

const lifetimeMs = ({ token, receivedAtMs }: LiveRecord): number => token.expiresAtMs - receivedAtMs

/** Whether the clock was set back since the token was received: how old it is now, nobody knows. */
export const wasSetBack = ({ receivedAtMs }: LiveRecord, now: number): boolean => now < receivedAtMs - 1000

/** Whether the token is good for `minValidityMs` more, or for half its lifetime if that is less. */
export function isFresh(record: LiveRecord, now: number, minValidityMs: number): boolean {
  const needed = Math.min(minValidityMs, lifetimeMs(record) / 2)
  return !wasSetBack(record, now) && record.token.expiresAtMs - now > needed
}

/** When to renew ahead of time: not within a second of the last time, however short the lives of tokens are. */
export function renewAtMs(record: LiveRecord, aheadMs: number): number {
  const dueAtMs = record.token.expiresAtMs - Math.min(aheadMs, lifetimeMs(record) / 2)
  return Math.max(dueAtMs, record.receivedAtMs + 1000)
}
