import { isBefore, isUnstored, type LiveRecord, liveRecord, nextGeneration, parseRecord } from './record.ts'

/**
 * How long after it began to write a lease its owner may still send, and how much longer than a request may take
 * others leave a lease alone. So a request that is sent again was sent the first time at least that long ago.
 */
export const leaseMarginMs = 2000

/** What the holder of `held` may do next, given what is stored. */
export type ClaimDecision = 'claim' | 'wait' | 'adopt'

/**
 * Decides whether this tab may send the refresh token it holds.
 *
 * - `adopt`: the store knows better (a newer token, a tombstone, another session, nothing at all)
 * - `claim`: nobody else may be sending: write the lease, then send
 * - `wait`: somebody else's request may be out
 *
 * @param isLocked whether this tab holds the Web Lock
 * @param abandoned the attempt that this tab watched for longer than a request may take
 */
export function decideClaim(
  stored: unknown,
  held: LiveRecord,
  attemptId: string,
  isLocked: boolean,
  abandoned: string | undefined,
): ClaimDecision {
  const seen = parseRecord(stored)
  if (seen === 'newer') return 'adopt'
  if (isUnstored(held)) return isBefore(seen, held) ? 'claim' : 'adopt'
  if (seen && seen.generation > held.generation) return 'adopt'
  if (!seen || 'ended' in seen || seen.epoch !== held.epoch) return 'adopt'
  const { lease } = seen
  // A store that is behind means that this tab's last commit failed: its own old lease stands there still.
  if (seen.generation < held.generation || !lease || lease.attemptId === attemptId) return 'claim'
  if (isLocked && lease.locked) return 'claim'
  return lease.attemptId === abandoned ? 'claim' : 'wait'
}

/** What stands in the store after a claim: the newer of `stored` and `held`, one more send, and the lease. */
export function withLease(stored: unknown, held: LiveRecord, attemptId: string, locked: boolean): LiveRecord {
  const seen = liveRecord(stored)
  const current = seen?.epoch === held.epoch && seen.generation >= held.generation ? seen : held
  const generation = isUnstored(held) ? nextGeneration(stored) : current.generation
  return { ...current, generation, sends: current.sends + 1, lease: { attemptId, locked } }
}

/** `record` under a new lease of the same owner: everyone who watches it begins to count anew. */
export function withNextLease(record: LiveRecord, attemptId: string, sends: number): LiveRecord {
  return { ...record, sends, lease: { attemptId, locked: !!record.lease?.locked } }
}

/** `record` without its lease, with the time before which no tab should ask again. */
export function withoutLease({ lease: _, ...record }: LiveRecord, retryAtMs: number | undefined): LiveRecord {
  return retryAtMs === undefined ? record : { ...record, retryAtMs }
}

/** Whether `stored` still carries the lease on `record`, so that its answer may be committed. */
export function ownsLease(stored: unknown, { epoch, lease }: LiveRecord): stored is LiveRecord {
  const seen = liveRecord(stored)
  return seen?.epoch === epoch && !!lease && seen.lease?.attemptId === lease.attemptId
}
