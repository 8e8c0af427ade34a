/** `Retry-After` in milliseconds from now: seconds or a date; `undefined` if absent or garbage. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (!header) return undefined
  const waitMs = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : undefined
}
