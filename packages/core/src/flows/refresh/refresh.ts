import type { Context } from '../../context.ts'
import { TelnyxAuthError } from '../../errors.ts'
import type { LiveRecord } from '../../model/record.ts'
import { afterFailure, leftToWaitMs } from '../../model/retry.ts'
import { notBeforeMs } from '../../model/tokens.ts'
import { publishSession, reasonOfEnd, requireSession, updateSession } from '../session/publish-session.ts'
import { refreshAcrossTabs } from './refresh-across-tabs.ts'
import { failureOf, refreshError } from './refresh-error.ts'

/** The wait until the next refresh may begin, in milliseconds. */
export function waitBeforeRefreshMs({ clock }: Pick<Context, 'clock'>, session: LiveRecord): number {
  const now = clock.now()
  const pauses = [session.failures?.retryAtMs, notBeforeMs(session)]
  return Math.max(...pauses.map((atMs) => leftToWaitMs(atMs, now)))
}

/** Keeps the session, shows that it is stale, and plans the next refresh. */
function noteFailure(context: Context, begun: LiveRecord, current: LiveRecord, error: TelnyxAuthError): void {
  const { state, clock, emit } = context
  // A failure of a request is in the record already, for all tabs; any other one counts for this tab.
  const isCounted = current.failures && current.failures !== begun.failures
  const failures = isCounted
    ? current.failures
    : afterFailure(current.failures, error, clock.now(), clock.random())
  const { sessionId } = current
  const { retryAtMs } = failures
  state.refresh.failure = { sessionId, error, retryAtMs }
  updateSession(context, { ...current, failures })
  emit({ type: 'refresh-failed', sessionId, code: error.code, retryAtMs })
}

async function run(context: Context, session: LiveRecord): Promise<void> {
  const { state } = context
  const { sessionId } = session
  try {
    await refreshAcrossTabs(context, session)
    if (!state.session.current) throw reasonOfEnd(context)
  } catch (cause) {
    const { current } = state.session
    // The end of the session says more than the failure of the request.
    if (!current) throw reasonOfEnd(context)
    const isSameSession = current.sessionId === sessionId
    // A newer token came all the same: another tab stored it while this one waited, or was frozen.
    if (isSameSession && current.token.accessToken !== session.token.accessToken) return
    const error = refreshError(cause)
    if (isSameSession) noteFailure(context, session, current, error)
    throw error
  } finally {
    if (state.refresh.pending?.sessionId === sessionId) state.refresh.pending = undefined
    publishSession(context)
    context.rearm()
  }
}

/**
 * Gets a newer token, once for all callers of this tab and for all tabs. Does not wait for a pause: between refreshes
 * that fail, or that bring tokens for a few seconds, this rejects.
 *
 * @throws {TelnyxAuthError} `signed_out`, `session_expired` (no refresh token), or the reason why there is no newer
 *   token yet
 */
export async function refresh(context: Context): Promise<void> {
  const { state } = context
  const session = requireSession(context)
  const { sessionId, generation } = session
  const { pending, failure } = state.refresh
  if (pending?.sessionId === sessionId) return pending.done
  if (!session.refreshToken) throw new TelnyxAuthError('session_expired')
  const retryAfterMs = waitBeforeRefreshMs(context, session)
  if (retryAfterMs > 0) {
    if (failure?.sessionId === sessionId) throw failure.error
    throw session.failures
      ? failureOf(session.failures, retryAfterMs)
      : new TelnyxAuthError('refresh_pending', { retryAfterMs })
  }
  const done = run(context, session)
  state.refresh.pending = { sessionId, generation, done }
  publishSession(context)
  return done
}
