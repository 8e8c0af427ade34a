const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const calendar = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' })
const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const JUST_NOW_MS = 3 * SECOND_MS

/** A time of day, e.g. `14:03:59`. @param atMs milliseconds since 1970 */
export function formatTime(atMs: number): string {
  return clock.format(atMs)
}

/** A date with its time of day, e.g. `3 Nov 2026, 14:03:59`. @param atMs milliseconds since 1970 */
export function formatMoment(atMs: number): string {
  return moment.format(atMs)
}

/** A date, e.g. `3 Nov 2026`. @param at ISO 8601 */
export function formatDate(at: string): string {
  const atMs = Date.parse(at)
  return Number.isNaN(atMs) ? at : calendar.format(atMs)
}

/** A duration for a countdown, e.g. `29:58` or `1:00:05`; never below zero. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.ceil(durationMs / SECOND_MS))
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60]
  if (seconds >= 3600) parts.unshift(Math.floor(seconds / 3600))
  return parts.map((part, index) => (index === 0 ? `${part}` : `${part}`.padStart(2, '0'))).join(':')
}

/** How long ago something was, e.g. `just now` or `12 seconds ago`. Both in milliseconds since 1970. */
export function formatAgo(atMs: number, nowMs: number): string {
  const agoMs = Math.max(0, nowMs - atMs)
  if (agoMs < JUST_NOW_MS) return 'just now'
  if (agoMs < MINUTE_MS) return relative.format(-Math.floor(agoMs / SECOND_MS), 'second')
  if (agoMs < HOUR_MS) return relative.format(-Math.floor(agoMs / MINUTE_MS), 'minute')
  return relative.format(-Math.floor(agoMs / HOUR_MS), 'hour')
}
