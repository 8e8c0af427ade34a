import type { Context } from '../../context.ts'
import { TelnyxAuthError } from '../../errors.ts'
import { endsAtMs } from '../../model/lifetime.ts'
import type { LiveRecord } from '../../model/record.ts'
import { checkValidity, isFresh, renewAtMs } from '../../model/tokens.ts'
import type { GetAccessTokenOptions } from '../../telnyx-auth.ts'
import { TimeoutError, withTimeout } from '../server/with-timeout.ts'
import { publishSession, requireSession } from '../session/publish-session.ts'
import { requireLiveSession } from '../session/sync-session.ts'

/** Takes the token of this tab for expired. */
export function expireToken(context: Context): void {
  const { session } = context.state
  const { current } = session
  if (!current) return
  session.current = { ...current, token: { ...current.token, expiresAtMs: context.clock.now() } }
  // No timer is set: only a call that needs a token gets a newer one.
  publishSession(context)
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
  { minValidityMs = 5000 }: GetAccessTokenOptions = {},
): Promise<LiveRecord> {
  const { clock, options } = context
  const isAlive = ({ token }: LiveRecord) => token.expiresAtMs > clock.now()
  checkValidity(minValidityMs)
  let session = requireSession(context)
  // Compared here as well, because an `await` costs every caller who is served from memory.
  if (clock.now() >= endsAtMs(session, options)) session = await requireLiveSession(context)
  const now = clock.now()
  if (isFresh(session, now, minValidityMs)) {
    const isDue = session.refreshToken && now >= renewAtMs(session, options.refreshAheadMs)
    // The snapshot carries its error.
    if (isDue)
      void context
        .loadServerFlows()
        .then(({ refresh }) => refresh(context))
        .catch(() => {})
    return session
  }
  if (!session.refreshToken) return session
  try {
    const renewing = context.loadServerFlows().then(({ refreshFor }) => refreshFor(context, session))
    const renewed = await withTimeout(clock, renewing, options.requestTimeoutMs)
    if (isAlive(renewed)) return renewed
  } catch (error) {
    const current = requireSession(context, session.sessionId)
    // However broken the token endpoint is, a token that is still valid is served.
    if (isAlive(current)) return current
    if (!(error instanceof TimeoutError)) throw error
  }
  throw new TelnyxAuthError('refresh_pending')
}

/** The token that is meant: the session's own, or a resource token. @throws {TelnyxAuthError} the reason why there is none */
export function chosenToken(context: Context, given: GetAccessTokenOptions = {}): Promise<LiveRecord> {
  if (given.resource === undefined && given.scope === undefined) return accessToken(context, given)
  return context
    .loadTokenFlows()
    .then(({ resourceToken }) => resourceToken(context, given))
    .then((token) => token ?? accessToken(context, given))
}
