import type { AuthSnapshot } from '@telnyx-oauth/core'

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })
const dayMs = 86_400_000

/** A time of day, e.g. `14:03:59`; with the date where that is not today or so. */
export function timeOf(atMs: number, nowMs: number = atMs): string {
  // Tokens of test clients may have no end.
  if (!Number.isFinite(atMs)) return 'never'
  return (Math.abs(atMs - nowMs) < dayMs ? clock : date).format(atMs)
}

/** A duration, e.g. `12 min 3 s`: the two largest units of it. */
export function durationOf(durationMs: number): string {
  const seconds = Math.round(Math.abs(durationMs) / 1000)
  const units = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const
  const first = units.findIndex(([count]) => count > 0)
  if (first === -1) return '0 s'
  return units
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ')
}

/** The state of a session in a word or two. */
export function stateOf(snapshot: AuthSnapshot, nowMs: number): string {
  if (snapshot.status !== 'signed-in') return snapshot.status.replace('-', ' ')
  if (snapshot.isRefreshing) return 'refreshing'
  if (snapshot.isStale && snapshot.error) return 'stale'
  return snapshot.token.expiresAtMs <= nowMs ? 'expired' : 'signed in'
}
