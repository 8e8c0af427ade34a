import type { Context } from '../../context.ts'
import { TelnyxAuthError } from '../../errors.ts'
import { decideLease, type LeaseDecision, leaseMarginMs, sendLimitMs } from '../../model/lease.ts'
import { type LiveRecord, liveRecord, type RefreshFailures, sameGeneration } from '../../model/record.ts'
import { leftToWaitMs } from '../../model/retry.ts'
import { webLock } from '../../ports/lock.ts'
import { randomId } from '../../protocol/random.ts'
import { delay } from '../server/with-timeout.ts'
import { updateSession } from '../session/publish-session.ts'
import { beginRead } from '../session/read-sequence.ts'
import { isUnsavedElsewhere, save } from '../session/save-session.ts'
import { adopt, storageDegraded } from '../session/sync-session.ts'
import { failureOf } from './refresh-error.ts'

const pollEveryMs = 1000

/** Stands for the attempt of a tab that holds the Web Lock without a lease. */
const noLease = ''

/** The right to send the refresh token of `session`. */
export interface HeldLease {
  readonly session: LiveRecord
  /** Looks at the lease again before a request, if time has passed or one was sent. @throws it belongs to another tab */
  readonly confirm: () => Promise<void>
  /** Tells if `stored` still carries it. */
  readonly isOn: (stored: LiveRecord) => boolean
}

const refreshPending = () => new TelnyxAuthError('refresh_pending')

const storageFailed = (cause: unknown) => new TelnyxAuthError('storage_failed', { phase: 'refresh', cause })

/** A lease that no storage holds: the Web Lock alone keeps other tabs from sending. */
const withoutStorage = (session: LiveRecord): HeldLease => ({
  session,
  confirm: async () => {},
  isOn: () => true,
})

/** @param startedAtMs when the lease began to be written, as the clock's `elapsedMs` */
function heldLease(
  { storage, sessionKey, clock }: Context,
  session: LiveRecord,
  locked: boolean,
  startedAtMs: number,
): HeldLease {
  let attemptId = session.lease?.attemptId
  let isFirst = true
  const isOn = (stored: LiveRecord) => stored.lease?.attemptId === attemptId
  const isOld = (sinceMs: number) => clock.elapsedMs() - sinceMs > leaseMarginMs
  return {
    session,
    isOn,
    confirm: async () => {
      const isSure = isFirst && !isOld(startedAtMs)
      isFirst = false
      if (isSure) return
      const nextId = randomId()
      const writtenAtMs = clock.elapsedMs()
      // Written anew, so that a tab that watches the lease begins to count again.
      const isHeld = await storage
        .update(sessionKey, (stored) => {
          const seen = sameGeneration(stored, session)
          return seen && isOn(seen) ? { ...seen, lease: { attemptId: nextId, locked } } : undefined
        })
        .catch((cause: unknown) => {
          throw storageFailed(cause)
        })
      if (!isHeld || isOld(writtenAtMs)) throw refreshPending()
      attemptId = nextId
    },
  }
}

/** The outcome of one look at the store. */
interface Look {
  readonly decision: LeaseDecision
  readonly stored: unknown
  /** The disk did not take the lease. */
  readonly isUnwritten?: true
}

/**
 * Writes a lease where no other request can be out.
 *
 * @throws {TelnyxAuthError} the last failure of any tab, after which all wait
 */
async function writeLease(
  context: Context,
  session: LiveRecord,
  isLocked: boolean,
  abandoned: string | undefined,
  isBusy: boolean,
): Promise<Look> {
  const { storage, sessionKey, clock, state } = context
  let look: Look = { decision: 'adopt', stored: undefined }
  let waitMs = 0
  let failed: RefreshFailures | undefined
  await storage.update(sessionKey, (stored) => {
    const decision = decideLease(stored, session, isLocked, abandoned, isBusy)
    const seen = liveRecord(stored)
    look = { decision, stored }
    if (decision !== 'acquire' || !seen) return undefined
    // After a failure that this tab knows, it may have cut the wait short: the network is back.
    const isKnown = seen.failures?.failedAtMs === session.failures?.failedAtMs
    failed = (isKnown ? session : seen).failures
    waitMs = leftToWaitMs(failed?.retryAtMs, clock.now())
    if (waitMs > 0) return undefined
    const lease = { attemptId: randomId(), locked: isLocked }
    // The owner of a lease that is there still is gone, and with it the response.
    const next = { ...seen, lease, ...(seen.lease && { isResponseLost: true }) }
    look = { decision, stored: next }
    return next
  })
  if (!failed || waitMs === 0) return look
  // Known from here on: this tab may cut the wait short when the network is back.
  const { current } = state.session
  const known = sameGeneration(current, session)
  if (known) updateSession(context, { ...known, failures: failed })
  throw failureOf(failed, waitMs)
}

/** The record that this tab alone has, after one more try to store it. @returns `undefined` after adopting another */
async function unsavedSession(context: Context, session: LiveRecord): Promise<LiveRecord | undefined> {
  await save(context).catch(() => {})
  const { current } = context.state.session
  return current?.sessionId === session.sessionId && current.token === session.token ? current : undefined
}

/**
 * Acquires the right to send the refresh token of `begun`; waits while the request of another tab may be out.
 *
 * @returns `undefined` after adopting the record of another tab
 * @throws {TelnyxAuthError} `refresh_pending`: another tab has newer tokens that it cannot store; `server_unavailable`: all tabs
 *   wait after a failure; `storage_failed`: it is not known whether another tab has sent
 */
export async function acquireLease(
  context: Context,
  begun: LiveRecord,
  isLocked: boolean,
): Promise<HeldLease | undefined> {
  const { storage, sessionKey, state, clock, lock = webLock() } = context
  let session = begun
  if (state.session.unsaved) {
    const current = await unsavedSession(context, begun)
    if (!current) return undefined
    // Without a lease only the Web Lock keeps the other tabs from sending, once the disk works again.
    if (state.session.unsaved && !isLocked) throw storageFailed(undefined)
    if (state.session.unsaved) return withoutStorage(current)
    session = current
  }
  let watched = { attemptId: 'none yet', sinceMs: 0 }
  let abandoned: string | undefined
  for (;;) {
    if (await isUnsavedElsewhere(context, session)) throw refreshPending()
    const isLatest = beginRead(context)
    const startedAtMs = clock.elapsedMs()
    const isBusy = !isLocked && abandoned !== noLease && (await lock.names()).includes(sessionKey)
    const { decision, stored, isUnwritten } = await writeLease(
      context,
      session,
      isLocked,
      abandoned,
      isBusy,
    ).catch(async (error: unknown): Promise<Look> => {
      if (error instanceof TelnyxAuthError) throw error
      storageDegraded(context)(error)
      // A disk that cannot write may still be read. The Web Lock keeps the other tabs from sending.
      const stored = await storage.read(sessionKey).catch((cause: unknown) => {
        throw storageFailed(cause)
      })
      const decision = decideLease(stored, session, isLocked, undefined)
      if (decision === 'acquire' && !isLocked) throw storageFailed(error)
      return { decision, stored, isUnwritten: true }
    })
    const counts = isLatest()
    const record = liveRecord(stored)
    if (decision === 'acquire' && record) {
      return isUnwritten ? withoutStorage(record) : heldLease(context, record, isLocked, startedAtMs)
    }
    if (decision === 'adopt') {
      if (counts) adopt(context, stored, 'other-tab')
      return undefined
    }
    const attemptId = record?.lease?.attemptId ?? noLease
    if (watched.attemptId !== attemptId) watched = { attemptId, sinceMs: clock.elapsedMs() }
    // Decided at the next look: the messages of a page that stood still arrive in between.
    const isSilent = clock.elapsedMs() - watched.sinceMs > sendLimitMs + leaseMarginMs
    abandoned = isSilent ? attemptId : undefined
    await delay(clock, pollEveryMs)
  }
}
