import type { Renewal } from '../../events/last-renewal.ts'

/** What Telnyx grants, when nothing better is known. */
const USUAL_LIFETIME_MS = 30 * 60 * 1000

/**
 * The whole life of a token in milliseconds, measured when it came from the server. A restored session does not
 * say how old its token is.
 */
export function tokenLifetimeMs(renewal: Renewal | undefined, expiresAtMs: number): number {
  if (!renewal) return USUAL_LIFETIME_MS
  const leftAtRenewalMs = expiresAtMs - renewal.atMs
  return renewal.source === 'storage' ? Math.max(leftAtRenewalMs, USUAL_LIFETIME_MS) : leftAtRenewalMs
}
