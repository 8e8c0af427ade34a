import type { LiveRecord } from './record.ts'

/** The time after the write of a lease began in which its owner may send. */
export const leaseMarginMs = 2000

/**
 * The longest wait of the sender for a response, and of other tabs for the sender. Browsers give up at about the same time:
 * Chromium and Firefox after five minutes without a response.
 */
export const sendLimitMs = 300_000

/** Names a tab that holds the Web Lock and may send without a lease, because no disk took it. */
const leaseless = ''

/**
 * The attempt of another tab whose request may be out, if there is one.
 *
 * @param isLocked whether this tab holds the Web Lock: an owner that had it is gone then
 * @param isBusy whether another tab holds the Web Lock
 */
export function ownerOf({ lease }: LiveRecord, isLocked: boolean, isBusy: boolean): string | undefined {
  if (!lease) return isBusy ? leaseless : undefined
  return isLocked && lease.locked ? undefined : lease.attemptId
}
