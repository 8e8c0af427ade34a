import type { LiveRecord } from './record.ts'

/** `'a b'` and `['a', 'b']` alike. */
export function scopesFrom(scope: string | readonly string[] | undefined): readonly string[] {
  return typeof scope === 'string' ? scope.split(' ').filter(Boolean) : [...(scope ?? [])]
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
