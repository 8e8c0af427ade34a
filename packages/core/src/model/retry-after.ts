const maxWaitMs = 600_000

/**
 * The wait that `Retry-After` asks for, in milliseconds from now: 0 for a date that is past, at most ten minutes;
 * `undefined` if absent or neither seconds nor a date. `Date.parse` alone takes almost any text with a digit in it.
 *
 * @see RFC 9110 section 10.2.3
 */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? ''
  const waitMs = /^\d+$/.test(text)
    ? Number(text) * 1000
    : (/\d\d:\d\d/.test(text) ? Date.parse(text) : Number.NaN) - now
  return Number.isNaN(waitMs) ? undefined : Math.min(maxWaitMs, Math.max(0, waitMs))
}
