import { type LiveRecord, parseRecord } from './record.ts'

/** The time after the write of a lease began in which its owner may send without a second look at it. */
export const leaseMarginMs = 2000

/**
 * The longest wait of the sender for a response, and of other tabs for the sender. Browsers give up at about the same time:
 * Chromium and Firefox after five minutes without a response.
 */
export const sendLimitMs = 300_000

/** The next step of a tab that wants to refresh. */
export type LeaseDecision = 'acquire' | 'wait' | 'adopt'

/**
 * Decides whether this tab may send the refresh token of `session`.
 *
 * - `adopt`: the store has something else (a newer token, a tombstone, another session, nothing at all)
 * - `acquire`: no other request can be out: write the lease, then send
 * - `wait`: the request of another tab may be out
 *
 * @param isLocked whether this tab holds the Web Lock
 * @param abandoned the attempt that this tab has watched for longer than a request may take
 * @param isBusy whether another tab holds the Web Lock, and may send without a lease that a disk took
 */
export function decideLease(
  stored: unknown,
  session: LiveRecord,
  isLocked: boolean,
  abandoned: string | undefined,
  isBusy: boolean = false,
): LeaseDecision {
  const seen = parseRecord(stored)
  if (!seen || seen === 'newer' || 'ended' in seen) return 'adopt'
  if (seen.sessionId !== session.sessionId || seen.generation !== session.generation) return 'adopt'
  const { lease } = seen
  const isFree = lease ? (isLocked && lease.locked) || lease.attemptId === abandoned : !isBusy
  return isFree ? 'acquire' : 'wait'
}
