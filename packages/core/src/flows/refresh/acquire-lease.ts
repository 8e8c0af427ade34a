import type { Context } from '../../context.ts'
import { TelnyxAuthError } from '../../errors.ts'
import { leaseMarginMs, ownerOf, sendLimitMs } from '../../model/lease.ts'
import { type LiveRecord, liveRecord, sameGeneration } from '../../model/record.ts'
import { leftToWaitMs, retryAtMs } from '../../model/retry.ts'
import { webLock } from '../../ports/lock.ts'
import { randomId } from '../../protocol/random.ts'
import { delay } from '../server/with-timeout.ts'
import { isUnsavedElsewhere, save } from '../session/save-session.ts'
import { changeSession, syncSession } from '../session/sync-session.ts'

const pollEveryMs = 1000

/** The right to send the refresh token of `session`, for a moment. */
export interface HeldLease {
  readonly session: LiveRecord
  /** Names it in the record. */
  readonly attemptId: string
  /** `false`: no storage took it, or so it was reported. The Web Lock alone keeps other tabs from sending. */
  readonly isStored: boolean
  /** The time at which it began to be written, as the clock's `elapsedMs`. */
  readonly sinceMs: number
}

const storageFailed = (cause?: unknown) => new TelnyxAuthError('storage_failed', { phase: 'refresh', cause })

/**
 * Acquires the right to send the refresh token of `begun`; waits while the request of another tab may be out.
 *
 * @returns `undefined`: the session has newer tokens by now or is over, or all tabs wait after a failure
 * @throws {TelnyxAuthError} `refresh_pending`: another tab has newer tokens that it cannot store; `storage_failed`: it is
 *   not known whether another tab has sent
 */
export async function acquireLease(
  context: Context,
  begun: LiveRecord,
  isLocked: boolean,
): Promise<HeldLease | undefined> {
  const { sessionKey, state, clock, lock = webLock() } = context
  const current = () => sameGeneration(state.session.current, begun)
  let watched: { readonly owner: string | undefined; readonly sinceMs: number } | undefined
  let silentOwner: string | undefined
  for (;;) {
    if (state.session.replaces) await save(context)
    const names: readonly string[] = await lock.names().catch(() => [])
    if (isUnsavedElsewhere(names, begun)) throw new TelnyxAuthError('refresh_pending')
    const isBusy = !isLocked && names.includes(sessionKey)
    const sinceMs = clock.elapsedMs()
    const attemptId = randomId()
    let owner: string | undefined
    const isUnsaved = !!state.session.replaces
    const change =
      !isUnsaved &&
      (await changeSession(context, (stored) => {
        const seen = sameGeneration(stored, begun)
        const lease = seen?.lease
        // The failure of this tab, which could not be stored.
        const isFailed = lease && lease.attemptId === state.failedAttemptId
        owner = seen && !isFailed ? ownerOf(seen, isLocked, isBusy) : undefined
        const isFree = owner === undefined || owner === silentOwner
        const waitMs = leftToWaitMs(retryAtMs(seen?.failures, state.wokenAtMs), clock.now())
        if (!seen || !isFree || waitMs > 0) return undefined
        const next = { ...seen, lease: { attemptId, locked: isLocked } }
        // The owner of a lease that is there still is gone, and with it the response.
        return lease && !isFailed ? { ...next, isResponseLost: true } : next
      }))
    if (!change) {
      // Without a lease only the Web Lock keeps the other tabs from sending.
      if (!isLocked) throw storageFailed()
      // A disk that cannot write may still be read.
      if (!isUnsaved)
        await syncSession(context).catch((cause: unknown) => {
          throw storageFailed(cause)
        })
      const session = current()
      return session && { session, attemptId, isStored: false, sinceMs }
    }
    // Newer tokens that this tab could not store may have come during the write.
    const session = change.isWritten && current() && liveRecord(change.record)
    if (session) return { session, attemptId, isStored: true, sinceMs }
    if (!current() || owner === undefined) return undefined
    if (watched?.owner !== owner) watched = { owner, sinceMs: clock.elapsedMs() }
    // Decided at the next look: the messages of a page that stood still arrive in between.
    silentOwner = clock.elapsedMs() - watched.sinceMs > sendLimitMs + leaseMarginMs ? owner : undefined
    await delay(clock, pollEveryMs)
  }
}
