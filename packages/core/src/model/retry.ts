/** What is left to do after a token request failed. */
export interface RetryPlan {
  /** Try again in this flight, after that many milliseconds. */
  readonly againInMs?: number
  /** Give up for now and try again on one's own at that time. */
  readonly retryAtMs: number
}

/** What is known of the failure. */
export interface Failure {
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined
}

const mostAttempts = 3
const longestWaitMs = 600_000

/**
 * When to try again. Retryable failures are tried three times in one go, unless the server asked for more than
 * two seconds; then the tab waits, longer with every failed go.
 *
 * @param attempt 1 for the first request of this go
 * @param failedGoes how many goes failed before this one
 * @see RFC 9110 section 10.2.3 (Retry-After)
 */
export function planRetry(
  { retryable, retryAfterMs }: Failure,
  attempt: number,
  failedGoes: number,
  now: number,
  random: number,
): RetryPlan {
  const jitter = 0.5 + random / 2
  const backoffMs = Math.min(60_000, 2000 * 2 ** failedGoes) * jitter
  const retryAtMs = now + Math.min(longestWaitMs, retryAfterMs ?? (retryable ? backoffMs : 60_000))
  const againInMs = retryAfterMs ?? 300 * 2 ** attempt * jitter
  return retryable && attempt < mostAttempts && againInMs <= 2000 ? { againInMs, retryAtMs } : { retryAtMs }
}

/**
 * How long to wait yet for `retryAtMs`, in milliseconds. Nobody is made to wait as long as a clock that was set back
 * would have it.
 */
export function leftToWaitMs(retryAtMs: number | undefined = 0, now: number): number {
  const waitMs = retryAtMs - now
  return waitMs > 0 && waitMs <= longestWaitMs ? waitMs : 0
}
