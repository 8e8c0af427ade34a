import type { Context, ResourceTokenState } from '../../context.ts'
import { TelnyxAuthError } from '../../errors.ts'
import type { LiveRecord } from '../../model/record.ts'
import { isRenewed, type ResourceTarget, recordFor } from '../../model/resource-target.ts'
import { resourceTargetOf } from '../../model/resource-tokens.ts'
import { afterFailure, leftToWaitMs } from '../../model/retry.ts'
import { checkValidity, isFresh, notBeforeMs, renewAtMs } from '../../model/tokens.ts'
import { checkOption } from '../../options.ts'
import type { GetAccessTokenOptions, TokenTarget } from '../../telnyx-auth.ts'
import { refreshAcrossTabs } from '../refresh/refresh-across-tabs.ts'
import { failureOf, refreshError } from '../refresh/refresh-error.ts'
import { type Attempt, inTime } from '../refresh/refresh-for.ts'
import { requireSession } from '../session/publish-session.ts'
import { requireLiveSession } from '../session/sync-session.ts'

/**
 * The token that is meant; `undefined` means the session's own.
 *
 * @throws {TypeError} `resource` or `scope` is wrong
 * @throws {TelnyxAuthError} `insufficient_scope`: the sign-in did not name `resource`
 */
function checkedTarget(
  { options }: Context,
  held: LiveRecord,
  choice: TokenTarget,
): ResourceTarget | undefined {
  const { resource, scope } = choice
  if (scope !== undefined) checkOption('getAccessToken', 'scope', scope)
  const target = resourceTargetOf(held, resource, scope)
  if (resource === undefined || resource === held.resource) return target
  checkOption('getAccessToken', 'resource', resource)
  if (typeof resource !== 'string')
    throw new TypeError('getAccessToken: "resource" must be one URL; got a list')
  const named = held.targets ?? []
  // node-oidc-provider 9.13 spends the refresh token before it says `invalid_target`: the session would be lost.
  if (named.includes(resource)) return target
  if (!named[0] && !options.targets[0]) {
    throw new TypeError(
      'getAccessToken: "resource" must be one of those in the option "resource" of the client',
    )
  }
  throw new TelnyxAuthError('insufficient_scope', { phase: 'session', missing: Object.freeze({ resource }) })
}

/** The refreshes of the resource token `key`, in this tab. */
export function resourceTokenState({ state }: Context, key: string): ResourceTokenState {
  const known = state.resourceTokens.get(key)
  if (known) return known
  const created = {
    pending: undefined,
    failure: undefined,
    unauthorizedToken: undefined,
    failures: undefined,
  }
  state.resourceTokens.set(key, created)
  return created
}

async function run(
  context: Context,
  session: LiveRecord,
  target: ResourceTarget,
  known: ResourceTokenState,
): Promise<void> {
  const { state, clock, emit } = context
  const { sessionId } = session
  try {
    await refreshAcrossTabs(context, session, target)
    known.failure = known.failures = undefined
  } catch (cause) {
    const { current } = state.session
    // The token came all the same: another tab stored it while this one waited, or was frozen.
    if (current?.sessionId !== sessionId || isRenewed(session, current, target)) return
    const error = refreshError(cause)
    known.failures = afterFailure(known.failures, error, clock.now(), clock.random())
    const { retryAtMs } = known.failures
    known.failure = { sessionId, error, retryAtMs }
    emit({ type: 'refresh-failed', sessionId, ...target.purpose, code: error.code, retryAtMs })
    throw error
  } finally {
    known.pending = undefined
  }
}

/** Gets a newer token for `target`, once for all callers of this tab and for all tabs. The snapshot shows none of it. */
async function refreshResourceToken(
  context: Context,
  target: ResourceTarget,
  sessionId: string,
): Promise<void> {
  const session = requireSession(context, sessionId)
  const known = resourceTokenState(context, target.key)
  const { pending, failure } = known
  if (pending?.sessionId === sessionId) return pending.done
  if (!session.refreshToken) throw new TelnyxAuthError('session_expired')
  const retryAfterMs = waitMs(context, session, target)
  if (retryAfterMs > 0) {
    if (failure?.sessionId === sessionId) throw failure.error
    throw session.failures
      ? failureOf(session.failures, retryAfterMs)
      : new TelnyxAuthError('refresh_pending')
  }
  const done = run(context, session, target, known)
  known.pending = { sessionId, generation: session.generation, done }
  return done
}

/** The wait until the next refresh for `target` may begin, in milliseconds. */
function waitMs(context: Context, session: LiveRecord, target: ResourceTarget): number {
  const now = context.clock.now()
  const { failure } = resourceTokenState(context, target.key)
  const token = recordFor(session, target)
  return Math.max(
    leftToWaitMs(session.failures?.retryAtMs, now),
    leftToWaitMs(failure?.sessionId === session.sessionId ? failure.retryAtMs : 0, now),
    leftToWaitMs(token && notBeforeMs(token), now),
  )
}

/** The newer token, for a call that began under `session`. Waits no longer than callers do. */
export async function renewedFor(
  context: Context,
  session: LiveRecord,
  target: ResourceTarget,
): Promise<LiveRecord> {
  const { sessionId } = session
  const current = () => requireSession(context, sessionId)
  const attempt: Attempt = {
    start: () => refreshResourceToken(context, target, sessionId),
    waitMs: () => waitMs(context, current(), target),
    isDone: () => isRenewed(session, current(), target),
  }
  let failure: unknown = new TelnyxAuthError('refresh_pending')
  try {
    await inTime(context, attempt)
  } catch (error) {
    failure = error
  }
  const token = recordFor(current(), target)
  if (token && token.token.expiresAtMs > context.clock.now()) return token
  throw failure
}

/**
 * A token of the session beside its own: from the record while it is valid, else by one refresh.
 *
 * @returns `undefined` where the session's own token is meant
 *
 * @throws {TelnyxAuthError} why there is none
 * @throws {TypeError} `resource` or `scope` is wrong
 * @see RFC 8707 section 2.2, RFC 6749 section 6
 */
export async function resourceToken(
  context: Context,
  given: GetAccessTokenOptions,
): Promise<LiveRecord | undefined> {
  const { minValidityMs = 5000 } = given
  const { clock, options } = context
  checkValidity(minValidityMs)
  const held = await requireLiveSession(context)
  const target = checkedTarget(context, held, given)
  if (!target) return undefined
  const now = clock.now()
  const known = recordFor(held, target)
  if (!known || !isFresh(known, now, minValidityMs)) return renewedFor(context, held, target)
  // Nobody sees it fail, for as long as the token lasts.
  if (held.refreshToken && now >= renewAtMs(known, options.refreshAheadMs)) {
    void refreshResourceToken(context, target, held.sessionId).catch(() => {})
  }
  return known
}
