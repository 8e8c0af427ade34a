import type { Context, RefreshState } from '../../context.ts'
import { isTelnyxAuthError, TelnyxAuthError } from '../../errors.ts'
import type { LiveRecord } from '../../model/record.ts'
import { isRenewed, type ResourceTarget, recordFor } from '../../model/resource-target.ts'
import { afterFailure } from '../../model/retry.ts'
import { delay, TimeoutError, withTimeout } from '../server/with-timeout.ts'
import { publishSession, requireSession } from '../session/publish-session.ts'
import { refreshAcrossTabs } from './refresh-across-tabs.ts'
import { reasonOfWait, refreshStateOf, waitBeforeRefreshMs } from './refresh-wait.ts'

/** Callers wait for a second attempt if it may begin so soon. */
const maxPatienceMs = 2000

async function run(
  context: Context,
  session: LiveRecord,
  known: RefreshState,
  target: ResourceTarget | undefined,
): Promise<void> {
  const { clock, state, emit, rearm } = context
  const { sessionId } = session
  // The end of the session says more than the failure of a request.
  const current = () => requireSession(context, sessionId)
  try {
    await refreshAcrossTabs(context, session, target)
    if (target) state.resourceTokens.delete(target.key)
    current()
  } catch (cause) {
    // A newer token came all the same: another tab stored it while this one waited, or was frozen.
    if (isRenewed(session, current(), target)) return
    const error = isTelnyxAuthError(cause)
      ? cause
      : new TelnyxAuthError('storage_failed', { phase: 'refresh', cause })
    known.failures = afterFailure(known.failures, error, clock.now(), clock.random())
    known.error = error
    const retryAtMs = clock.now() + waitBeforeRefreshMs(context, current(), target)
    publishSession(context)
    emit({ type: 'refresh-failed', sessionId, ...target?.purpose, code: error.code, retryAtMs })
    throw error
  } finally {
    known.pending = undefined
    publishSession(context)
    rearm()
  }
}

/**
 * Gets a newer token, once for all callers of this tab and for all tabs. Does not wait for a pause: between refreshes
 * that fail, or that bring tokens for a few seconds, this rejects.
 *
 * @param target the resource token, where it is not the session's own token
 * @throws {TelnyxAuthError} `signed_out`, `session_expired` (no refresh token), or the reason why there is no newer
 *   token yet
 */
export async function refresh(context: Context, target?: ResourceTarget): Promise<void> {
  const session = requireSession(context)
  const known = refreshStateOf(context, target)
  if (!known.pending) {
    if (!session.refreshToken) throw new TelnyxAuthError('session_expired')
    if (waitBeforeRefreshMs(context, session, target) > 0) throw reasonOfWait(context, session, target)
    known.pending = run(context, session, known, target)
    publishSession(context)
  }
  return known.pending
}

/**
 * Gets a newer token for callers that began under `session`, and waits no longer than they do.
 *
 * @returns the record as it is for `target`
 * @throws {TelnyxAuthError} `refresh_pending`: the refresh goes on
 */
export async function refreshFor(
  context: Context,
  session: LiveRecord,
  target?: ResourceTarget,
): Promise<LiveRecord> {
  const { clock, options } = context
  let isOver = false
  const current = () => requireSession(context, session.sessionId)
  const isDone = () => isRenewed(session, current(), target)
  const again = async (error: TelnyxAuthError): Promise<void> => {
    const pauseMs = waitBeforeRefreshMs(context, current(), target)
    if (isOver || !error.retryable || pauseMs > maxPatienceMs) throw error
    if (pauseMs > 0) {
      await delay(clock, pauseMs)
      // Once more: a timer runs up to a millisecond early by the clock on the wall.
      return again(error)
    }
    if (!isDone()) await refresh(context, target)
  }
  try {
    await withTimeout(clock, refresh(context, target).catch(again), options.requestTimeoutMs)
  } catch (cause) {
    if (!isDone())
      throw cause instanceof TimeoutError ? new TelnyxAuthError('refresh_pending', { cause }) : cause
  } finally {
    isOver = true
  }
  return recordFor(current(), target) ?? session
}
