import type { TelnyxAuthError } from '../errors.ts'
import type { RefreshFailures } from './record.ts'

/** The facts of a failure that decide about the next attempt. */
export type Failure = Pick<TelnyxAuthError, 'code' | 'retryable' | 'retryAfterMs'> &
  Partial<Pick<TelnyxAuthError, 'server'>>

const maxWaitMs = 600_000
const maxBackoffMs = 60_000
const rejectionsToEnd = 3
const rejectionSpanMs = 60_000

/**
 * The failures of a refresh token after one more. The next attempt waits a second or two, twice as long after each
 * further failure up to a minute, and no less than the server asked for.
 *
 * @see RFC 9110 section 10.2.3 (Retry-After)
 */
export function afterFailure(
  before: RefreshFailures | undefined,
  { code, retryable, retryAfterMs = 0, server }: Failure,
  now: number,
  random: number,
): RefreshFailures {
  const count = (before?.count ?? 0) + 1
  const backoffMs = retryable
    ? Math.min(maxBackoffMs, 1000 * 2 ** Math.min(count - 1, 6) * (1 + random))
    : maxBackoffMs
  const isRejection = code === 'refresh_rejected'
  const { status, error } = server ?? {}
  return {
    count,
    code,
    ...(status && { server: { status, ...(error && { error }) } }),
    failedAtMs: now,
    retryAtMs: now + Math.max(backoffMs, Math.min(maxWaitMs, retryAfterMs)),
    rejections: (before?.rejections ?? 0) + (isRejection ? 1 : 0),
    firstRejectedAtMs: before?.rejections ? before.firstRejectedAtMs : now,
  }
}

/** Tells if a refresh token was refused so often, and over so long a time, that it must be dead. */
export function isRejectedForGood({ rejections, firstRejectedAtMs }: RefreshFailures, now: number): boolean {
  return rejections >= rejectionsToEnd && now - firstRejectedAtMs >= rejectionSpanMs
}

/**
 * The time of the next attempt after `failures`. A network that may be back since `wokenAtMs` is a reason to try again
 * at once, a second after the last failure.
 */
export function retryAtMs(failures: RefreshFailures | undefined, wokenAtMs: number): number {
  if (!failures) return 0
  const { code, failedAtMs, retryAtMs } = failures
  return code === 'network_error' && wokenAtMs >= failedAtMs
    ? Math.min(retryAtMs, failedAtMs + 1000)
    : retryAtMs
}

/**
 * The rest of the wait for `atMs`, in milliseconds. A clock that was set back does not make it longer than any
 * wait can be.
 */
export function leftToWaitMs(atMs: number | undefined = 0, now: number): number {
  const waitMs = atMs - now
  return waitMs > 0 && waitMs <= maxWaitMs ? waitMs : 0
}
