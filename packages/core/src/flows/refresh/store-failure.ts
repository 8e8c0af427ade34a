import type { Context } from '../../context.ts'
import type { ErrorCode } from '../../error-table.ts'
import { TelnyxAuthError } from '../../errors.ts'
import { type LiveRecord, liveRecord, type RefreshFailures, tombstone } from '../../model/record.ts'
import type { ResourceTarget } from '../../model/resource-target.ts'
import { afterFailure, isRejectedForGood } from '../../model/retry.ts'
import { markSignedOut, showSignedOut, updateSession } from '../session/publish-session.ts'
import { changeSession } from '../session/sync-session.ts'
import type { HeldLease } from './acquire-lease.ts'

/** The reason why the refresh token of `session` must be dead, if it must. */
function reasonOfDeath(
  session: LiveRecord,
  code: string,
  failures: RefreshFailures,
  now: number,
): ErrorCode | undefined {
  if (code === 'invalid_grant') return session.isResponseLost ? 'refresh_response_lost' : 'invalid_grant'
  if (code === 'refresh_rejected' && isRejectedForGood(failures, now)) return 'refresh_rejected'
  return undefined
}

const isFrom = (record: LiveRecord | undefined, session: LiveRecord): record is LiveRecord =>
  record?.sessionId === session.sessionId && record.generation <= session.generation

/** Ends `session` in every tab, unless a newer token is stored; here even if no storage takes the end. */
export async function endSession(context: Context, session: LiveRecord, reason: ErrorCode): Promise<void> {
  await changeSession(context, (stored) =>
    isFrom(liveRecord(stored), session) ? tombstone(stored, session.sessionId, reason) : undefined,
  )
  if (!isFrom(context.state.session.current, session)) return
  markSignedOut(context, session.sessionId)
  showSignedOut(context, new TelnyxAuthError(reason))
}

/**
 * Stores the failure of a request, for all tabs: the end of the session if the refresh token is dead and no newer one
 * is stored; else the time of the next attempt. The lease is given back.
 */
export async function storeFailure(
  context: Context,
  { session, attemptId, isStored }: HeldLease,
  error: TelnyxAuthError,
  target: ResourceTarget | undefined,
): Promise<void> {
  const { clock, state } = context
  const failures = afterFailure(session.failures, error, clock.now(), clock.random())
  const reason = reasonOfDeath(session, error.code, failures, clock.now())
  if (reason) return endSession(context, session, reason)
  // A refusal of one resource is no failure of the session; a server that is down is down for all tokens and tabs.
  const counts = !target || ['network_error', 'server_unavailable'].includes(error.code)
  const facts = {
    ...(counts && { failures }),
    ...(error.code === 'network_error' && { isResponseLost: true as const }),
  }
  const change = await changeSession(context, (stored) => {
    const live = liveRecord(stored)
    if (!isFrom(live, session) || (isStored && live.lease?.attemptId !== attemptId)) return undefined
    const { lease: _, ...rest } = live
    return { ...rest, ...facts }
  })
  if (!change) state.failedAttemptId = attemptId
  const { current } = state.session
  if (isFrom(current, session)) updateSession(context, { ...current, ...facts })
}
