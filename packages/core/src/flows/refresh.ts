import type { Context } from '../context.ts'
import { isTelnyxAuthError, TelnyxAuthError } from '../errors.ts'
import type { LiveRecord } from '../model/record.ts'
import { leftToWaitMs, planRetry } from '../model/retry.ts'
import { patchSnapshot, reasonOfEnd } from './adopt.ts'

/** Keeps the session, shows that it is stale, and plans the next go. */
function noteFailure(context: Context, error: TelnyxAuthError): void {
  const { state, clock, emit } = context
  if (!state.held) return
  const { retryAtMs } = planRetry(error, Infinity, state.failedGoes, clock.now(), clock.random())
  state.failure = { error, retryAtMs }
  state.failedGoes += 1
  patchSnapshot(context, { isRefreshing: false, isStale: true, error })
  emit({ type: 'refresh-failed', sessionId: state.held.epoch, code: error.code, retryAtMs })
  context.rearm()
}

async function fly(context: Context, held: LiveRecord): Promise<void> {
  patchSnapshot(context, { isRefreshing: true })
  try {
    const { renew } = await context.engine()
    await renew(context, held)
    if (!context.state.held) throw reasonOfEnd(context)
  } catch (cause) {
    const current = context.state.held
    // What ended the session says more than what the request ran into.
    if (!current) throw reasonOfEnd(context)
    const isSameSession = current.epoch === held.epoch
    // What was asked for came all the same: another tab stored it while this one waited, or was frozen.
    if (isSameSession && current.token.accessToken !== held.token.accessToken) return
    const error = isTelnyxAuthError(cause)
      ? cause
      : new TelnyxAuthError('storage_failed', { phase: 'refresh', cause })
    if (isSameSession) noteFailure(context, error)
    throw error
  } finally {
    context.state.flight = undefined
    patchSnapshot(context, { isRefreshing: false })
  }
}

/**
 * Gets a newer token, once for all callers of this tab and for all tabs. After a failure the next go begins when
 * its pause is over; until then this rejects with the same error.
 *
 * @throws {TelnyxAuthError} `signed_out`, `session_expired` (no refresh token) or why there is no newer token yet
 */
export async function refresh(context: Context): Promise<void> {
  const { state, clock } = context
  const { held, failure } = state
  if (state.flight) return state.flight
  if (!held) throw new TelnyxAuthError('signed_out')
  if (!held.refreshToken) throw new TelnyxAuthError('session_expired')
  if (failure && leftToWaitMs(failure.retryAtMs, clock.now()) > 0) throw failure.error
  state.flight = fly(context, held)
  return state.flight
}
