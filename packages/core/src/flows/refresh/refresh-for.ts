import type { Context } from '../../context.ts'
import { isTelnyxAuthError, TelnyxAuthError } from '../../errors.ts'
import type { LiveRecord } from '../../model/record.ts'
import { delay, TimeoutError, withTimeout } from '../server/with-timeout.ts'
import { requireSession } from '../session/publish-session.ts'
import { refresh, waitBeforeRefreshMs } from './refresh.ts'

/** Callers wait for a second attempt if it may begin so soon. */
const maxPatienceMs = 2000

/** A refresh as its callers see it. */
export interface Attempt {
  readonly start: () => Promise<void>
  /** The wait until the next one may begin, in milliseconds. */
  readonly waitMs: () => number
  /** Tells if a newer token is here, by this attempt or another tab. */
  readonly isDone: () => boolean
}

/** Starts `attempt`; once more after a short pause, where the first one fails for a reason that may pass. */
async function tryTwice(
  { clock }: Context,
  { start, waitMs, isDone }: Attempt,
  isGivenUp: () => boolean,
): Promise<void> {
  try {
    await start()
  } catch (error) {
    const pauseMs = waitMs()
    if (!isTelnyxAuthError(error) || !error.retryable || pauseMs > maxPatienceMs) throw error
    await delay(clock, pauseMs)
    if (isGivenUp()) throw error
    if (!isDone()) await start()
  }
}

/** Waits for `attempt` no longer than callers do. @throws {TelnyxAuthError} `refresh_pending`: it goes on */
export async function inTime(context: Context, attempt: Attempt): Promise<void> {
  const { clock, options } = context
  let isOver = false
  const done = tryTwice(context, attempt, () => isOver)
  try {
    await withTimeout(clock, done, options.requestTimeoutMs)
  } catch (cause) {
    if (attempt.isDone()) return
    throw cause instanceof TimeoutError ? new TelnyxAuthError('refresh_pending', { cause }) : cause
  } finally {
    isOver = true
  }
}

/** Gets a newer token for callers that began under `session`, and waits no longer than they do. */
export async function refreshFor(context: Context, { sessionId, token }: LiveRecord): Promise<LiveRecord> {
  // The end of the session says more than the failure of the request.
  const current = () => requireSession(context, sessionId)
  try {
    await inTime(context, {
      start: () => refresh(context),
      waitMs: () => waitBeforeRefreshMs(context, current()),
      isDone: () => current().token.accessToken !== token.accessToken,
    })
  } catch (error) {
    current()
    throw error
  }
  return current()
}
