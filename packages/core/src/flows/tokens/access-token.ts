import type { Context } from '../../context.ts'
import { isTelnyxAuthError, TelnyxAuthError } from '../../errors.ts'
import { endsAtMs } from '../../model/lifetime.ts'
import type { LiveRecord } from '../../model/record.ts'
import { isFresh, renewAtMs } from '../../model/tokens.ts'
import type { GetAccessTokenOptions } from '../../telnyx-auth.ts'
import { refresh, waitBeforeRefreshMs } from '../refresh/refresh.ts'
import { delay, TimeoutError, withTimeout } from '../server/with-timeout.ts'
import { requireSession, updateSession } from '../session/publish-session.ts'
import { expireSession } from '../session/sync-session.ts'

/** Callers wait for a second attempt if it may begin so soon. */
const maxPatienceMs = 2000

/** The session this tab shows, unless its time is over. @throws {TelnyxAuthError} the reason why there is none */
export async function requireLiveSession(context: Context): Promise<LiveRecord> {
  const session = requireSession(context)
  if (context.clock.now() < endsAtMs(session, context.options)) return session
  await expireSession(context, session)
  // Another tab may have kept it alive, but for a token that may be old by now.
  requireSession(context, session.sessionId)
  return requireLiveSession(context)
}

/** A refresh as its callers see it. */
export interface Attempt {
  readonly start: () => Promise<void>
  /** How long to wait until the next one may begin, in milliseconds. */
  readonly waitMs: () => number
  /** Whether a newer token is here, whoever got it. */
  readonly isDone: () => boolean
}

/** Starts `attempt`; once more after a short pause, if the first one fails for a reason that may pass. */
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
export async function inTime(
  context: Context,
  attempt: Attempt,
  signal: AbortSignal | null | undefined,
): Promise<void> {
  const { clock, options } = context
  let isOver = false
  const done = tryTwice(context, attempt, () => isOver)
  try {
    await withTimeout(clock, done, options.requestTimeoutMs, signal)
  } catch (cause) {
    if (attempt.isDone() && !signal?.aborted) return
    throw cause instanceof TimeoutError ? new TelnyxAuthError('refresh_pending', { cause }) : cause
  } finally {
    isOver = true
  }
}

/** Gets a newer token for callers that began under `session`, and waits no longer than they do. */
export async function refreshFor(
  context: Context,
  { sessionId, token }: LiveRecord,
  signal?: AbortSignal | null,
): Promise<LiveRecord> {
  // The end of the session says more than the failure of the request.
  const current = () => requireSession(context, sessionId)
  try {
    await inTime(
      context,
      {
        start: () => refresh(context),
        waitMs: () => waitBeforeRefreshMs(context, current()),
        isDone: () => current().token.accessToken !== token.accessToken,
      },
      signal,
    )
  } catch (error) {
    current()
    throw error
  }
  return current()
}

/** Takes the token of this tab for expired. */
export function expireToken(context: Context): void {
  const { current } = context.state.session
  if (!current) return
  updateSession(context, { ...current, token: { ...current.token, expiresAtMs: context.clock.now() } })
}

/** @throws {TypeError} `minValidityMs` is wrong */
export function checkValidity(minValidityMs: number): void {
  if (!(minValidityMs >= 0)) {
    throw new TypeError('getAccessToken: "minValidityMs" must be a number of milliseconds, 0 or more')
  }
}

/**
 * A token that is valid for `minValidityMs`: from memory, or after a refresh. In the last stretch of its life it
 * is served at once and renewed behind.
 *
 * @throws {TelnyxAuthError} the reason why there is no valid token
 * @throws {TypeError} `minValidityMs` is wrong
 */
export async function accessToken(
  context: Context,
  { minValidityMs = 5000, signal }: GetAccessTokenOptions = {},
): Promise<LiveRecord> {
  const { clock, options } = context
  const isAlive = ({ token }: LiveRecord) => token.expiresAtMs > clock.now()
  checkValidity(minValidityMs)
  signal?.throwIfAborted()
  let session = requireSession(context)
  // Compared here as well, because an `await` costs every caller who is served from memory.
  if (clock.now() >= endsAtMs(session, options)) session = await requireLiveSession(context)
  const now = clock.now()
  if (isFresh(session, now, minValidityMs)) {
    const isDue = session.refreshToken && now >= renewAtMs(session, options.refreshAheadMs)
    // The snapshot carries its error.
    if (isDue) void refresh(context).catch(() => {})
    return session
  }
  if (!session.refreshToken) return session
  try {
    const renewed = await refreshFor(context, session, signal)
    if (isAlive(renewed)) return renewed
  } catch (error) {
    // However broken the token endpoint is, a token that is still valid is served.
    const { current } = context.state.session
    if (!signal?.aborted && current?.sessionId === session.sessionId && isAlive(current)) return current
    throw error
  }
  throw new TelnyxAuthError('refresh_pending')
}

/** The token that is meant: the session's own, or a resource token. @throws {TelnyxAuthError} the reason why there is none */
export function chosenToken(context: Context, given: GetAccessTokenOptions = {}): Promise<LiveRecord> {
  const isOwn = given.resource === undefined && given.scope === undefined
  if (isOwn) return accessToken(context, given)
  return context.loadTokenFlows().then(({ resourceToken }) => resourceToken(context, given))
}
