import type { ReceivedToken } from './record.ts'

/** `'a b'` and `['a', 'b']` alike. */
export function scopesFrom(scope: string | readonly string[] | undefined): readonly string[] {
  return typeof scope === 'string' ? scope.split(' ').filter(Boolean) : [...(scope ?? [])]
}

const lifetimeMs = ({ token, receivedAtMs }: ReceivedToken): number => token.expiresAtMs - receivedAtMs

/** A refresh per lifetime is too much below this. */
const shortLifetimeMs = 3000
const maxPauseMs = 60_000

/** Tells if the clock was set back since the token was received: its age is not known then. */
export const wasSetBack = ({ receivedAtMs }: ReceivedToken, now: number): boolean => now < receivedAtMs - 1000

/** Tells if the token is good for `minValidityMs` more, or for half its lifetime if that is less. */
export function isFresh(received: ReceivedToken, now: number, minValidityMs: number): boolean {
  const needed = Math.min(minValidityMs, lifetimeMs(received) / 2)
  return !wasSetBack(received, now) && received.token.expiresAtMs - now > needed
}

/** The time of the refresh ahead of expiry: not within a second of the last time, however short the lives of tokens are. */
export function renewAtMs(received: ReceivedToken, aheadMs: number): number {
  const dueAtMs = received.token.expiresAtMs - Math.min(aheadMs, lifetimeMs(received) / 2)
  return Math.max(dueAtMs, received.receivedAtMs + 1000, notBeforeMs(received))
}

/**
 * The earliest time of the next refresh. Where a server gives tokens for a few seconds only, each in a row makes the
 * pause twice as long, from a second up to a minute.
 */
export function notBeforeMs({ receivedAtMs, shortLived }: ReceivedToken): number {
  return shortLived ? receivedAtMs + Math.min(maxPauseMs, 1000 * 2 ** (shortLived - 1)) : 0
}

/** `next` with the count of short-lived tokens in a row. */
export function countShortLived<T extends ReceivedToken>(next: T, before: ReceivedToken | undefined): T {
  if (lifetimeMs(next) >= shortLifetimeMs) return next
  return { ...next, shortLived: (before?.shortLived ?? 0) + 1 }
}

/** @throws {TypeError} `minValidityMs` is wrong */
export function checkValidity(minValidityMs: number): void {
  if (minValidityMs >= 0) return
  throw new TypeError('getAccessToken: "minValidityMs" must be a number of milliseconds, 0 or more')
}
