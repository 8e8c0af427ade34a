import type { Context, OtherTokenNotes } from '../context.ts'
import { isTelnyxAuthError, TelnyxAuthError } from '../errors.ts'
import { asSeenFor, isRenewed, purposeOf, type Wanted, wantedOf } from '../model/other-tokens.ts'
import type { LiveRecord } from '../model/record.ts'
import { leftToWaitMs, planRetry } from '../model/retry.ts'
import { isFresh, renewAtMs } from '../model/tokens.ts'
import { checkOption } from '../options.ts'
import type { GetAccessTokenOptions, TokenTarget } from '../telnyx-auth.ts'
import { accessToken, livingSession, sameSession } from './access-token.ts'
import { renew } from './renew.ts'
import { within } from './within.ts'

/**
 * The token that is meant; `undefined` means the session's own.
 *
 * @throws {TypeError} `resource` or `scope` is wrong
 * @throws {TelnyxAuthError} `insufficient_scope`: the sign-in did not name `resource`
 */
function checkedWanted({ options }: Context, held: LiveRecord, choice: TokenTarget): Wanted | undefined {
  const { resource, scope } = choice
  if (scope !== undefined) checkOption('getAccessToken', 'scope', scope)
  const wanted = wantedOf(held, resource, scope)
  if (resource === undefined || resource === held.resource) return wanted
  checkOption('getAccessToken', 'resource', resource)
  if (typeof resource !== 'string')
    throw new TypeError('getAccessToken: "resource" must be one URL; got a list')
  const named = held.targets ?? []
  // node-oidc-provider 9.13 spends the refresh token before it says `invalid_target`: the session would be lost.
  if (named.includes(resource)) return wanted
  if (!named[0] && !options.targets[0]) {
    throw new TypeError(
      'getAccessToken: "resource" must be one of those in the option "resource" of the client',
    )
  }
  throw new TelnyxAuthError('insufficient_scope', { phase: 'session', missing: Object.freeze({ resource }) })
}

/** What this tab knows of the token, under this session. */
export function notesOf({ state }: Context, epoch: string, key: string): OtherTokenNotes {
  const known = state.others.get(key)
  if (known?.epoch === epoch) return known
  const notes = { epoch, flight: undefined, failure: undefined, refusedToken: undefined }
  state.others.set(key, notes)
  return notes
}

async function fly(
  context: Context,
  held: LiveRecord,
  wanted: Wanted,
  notes: OtherTokenNotes,
): Promise<void> {
  const { state, clock, emit } = context
  const tell = { sessionId: held.epoch, ...purposeOf(wanted) }
  try {
    await renew(context, held, wanted)
    notes.failure = undefined
  } catch (cause) {
    const { held: current } = state
    // What was asked for came all the same: another tab stored it while this one waited, or was frozen.
    if (current?.epoch !== held.epoch || isRenewed(held, current, wanted)) return
    const error = isTelnyxAuthError(cause)
      ? cause
      : new TelnyxAuthError('storage_failed', { phase: 'refresh', cause })
    const { retryAtMs } = planRetry(error, Infinity, 0, clock.now(), clock.random())
    notes.failure = { error, retryAtMs }
    emit({ type: 'refresh-failed', ...tell, code: error.code, retryAtMs })
    throw error
  } finally {
    notes.flight = undefined
  }
}

/** Gets a newer token for `wanted`, once for all callers of this tab and for all tabs. The session shows none of it. */
async function renewOther(context: Context, held: LiveRecord, wanted: Wanted): Promise<void> {
  const notes = notesOf(context, held.epoch, wanted.key)
  const { failure } = notes
  if (notes.flight) return notes.flight
  if (!held.refreshToken) throw new TelnyxAuthError('session_expired')
  if (failure && leftToWaitMs(failure.retryAtMs, context.clock.now()) > 0) throw failure.error
  notes.flight = fly(context, held, wanted, notes)
  return notes.flight
}

/** The newer token, for a call that began under the session `held`. Waits no longer than `requestTimeoutMs`. */
export async function renewedFor(
  context: Context,
  held: LiveRecord,
  wanted: Wanted,
  signal: AbortSignal | undefined,
): Promise<LiveRecord> {
  const { clock, options } = context
  let failure: unknown = new TelnyxAuthError('refresh_pending')
  try {
    await within(clock, renewOther(context, held, wanted), options.requestTimeoutMs, signal)
  } catch (error) {
    failure = error
  }
  const token = asSeenFor(sameSession(context, held.epoch), wanted)
  if (token && token.token.expiresAtMs > clock.now() && !signal?.aborted) return token
  throw failure
}

/**
 * A token of the session beside its own: from the record while it is valid, else by one refresh.
 *
 * @throws {TelnyxAuthError} why there is none
 * @throws {TypeError} `resource` or `scope` is wrong
 * @see RFC 8707 section 2.2, RFC 6749 section 6
 */
export async function otherToken(context: Context, given: GetAccessTokenOptions): Promise<LiveRecord> {
  const { minValidityMs = 5000, signal } = given
  const { clock, options } = context
  signal?.throwIfAborted()
  const held = await livingSession(context)
  const wanted = checkedWanted(context, held, given)
  if (!wanted) return accessToken(context, given)
  const now = clock.now()
  const known = asSeenFor(held, wanted)
  if (!known || !isFresh(known, now, minValidityMs)) return renewedFor(context, held, wanted, signal)
  // Nobody sees it fail, for as long as the token lasts.
  if (held.refreshToken && now >= renewAtMs(known, options.refreshAheadMs)) {
    void renewOther(context, held, wanted).catch(() => {})
  }
  return known
}
