import type { Context, SessionState } from '../../context.ts'
import { TelnyxAuthError } from '../../errors.ts'
import { endsAtMs } from '../../model/lifetime.ts'
import type { LiveRecord } from '../../model/record.ts'
import type { SignedInSnapshot } from '../../session.ts'

/** The way a record came to this tab: from the store at start-up, by its own request, or by that of another tab. */
export type Origin = 'storage' | 'this-tab' | 'other-tab'

/** Freezes objects and lists; whatever else storage gave back cannot be frozen, and is left alone. */
function freezeDeep<T>(value: T): T {
  const isPlain = Array.isArray(value) || (value as object | null | undefined)?.constructor === Object
  if (!isPlain || Object.isFrozen(value)) return value
  for (const member of Object.values(Object.freeze(value) as object)) freezeDeep(member)
  return value
}

/** The snapshot of `session`, as this tab knows it now. */
function snapshotOf({ state, options, clock }: Context, session: LiveRecord): SignedInSnapshot {
  const { sessionId, token } = session
  const { pending, error: failure } = state.refresh
  const error = failure ?? state.session.signInError
  const end = endsAtMs(session, options)
  const { appState } = state.session
  return {
    status: 'signed-in',
    sessionId,
    token: freezeDeep(token),
    isRefreshing: !!pending,
    isStale: !!failure || token.expiresAtMs <= clock.now(),
    ...(end < Infinity && { endsAtMs: end }),
    ...(appState?.sessionId === sessionId && { appState: appState.value }),
    ...(error && { error }),
  }
}

const differs = (one: object, other: object): boolean =>
  Object.entries(one).some(([name, value]) => other[name as never] !== value)

/** Publishes the current session. A snapshot keeps its identity as long as it says the same. */
export function publishSession(context: Context): void {
  const { state, snapshots } = context
  const { current } = state.session
  if (!current) return
  const before = snapshots.getLatest()
  const next = snapshotOf(context, current)
  if (differs(before, next) || differs(next, before)) snapshots.publish(next)
}

/** Shows that no user is signed in, with the reason if there is one. The store is not touched. */
export function showSignedOut(context: Context, error?: TelnyxAuthError): void {
  const { state, snapshots, emit } = context
  const { session } = state
  const { current } = session
  const before = snapshots.getLatest()
  session.current = session.replaces = session.signInError = undefined
  state.refresh = {}
  state.cancelTimer()
  if (before.status === 'signed-out' && before.error?.code === error?.code) return
  snapshots.publish(error ? { status: 'signed-out', error } : { status: 'signed-out' })
  if (current) emit({ type: 'signed-out', sessionId: current.sessionId, ...(error && { code: error.code }) })
}

/** The reason why there is no session. */
export const reasonOfEnd = ({ snapshots }: Context): TelnyxAuthError =>
  snapshots.getLatest().error ?? new TelnyxAuthError('signed_out')

/** The session this tab shows. @throws {TelnyxAuthError} the reason why there is none */
export function requireSession(context: Context, sessionId?: string): LiveRecord {
  const { current } = context.state.session
  if (!current) throw reasonOfEnd(context)
  if (sessionId !== undefined && current.sessionId !== sessionId)
    throw new TelnyxAuthError('session_replaced')
  return current
}

/** Keeps a changed record of the current session: its activity, its failures, a token for a resource. */
export function updateSession(context: Context, record: LiveRecord): void {
  context.state.session.current = record
  publishSession(context)
  context.rearm()
}

/** Notes the session that is over here for good. */
export function markSignedOut({ state: { session } }: Context, sessionId: string): void {
  session.signedOutId = sessionId
}

/**
 * Shows a live session, tells of it and arranges for its refresh.
 *
 * @param replaces given where no storage has taken it, as in {@link SessionState}
 */
export function showSession(
  context: Context,
  record: LiveRecord,
  origin: Origin,
  replaces?: SessionState['replaces'],
): void {
  const { state, emit } = context
  const { session } = state
  const { sessionId, token } = record
  const previous = session.current
  const isSameSession = previous?.sessionId === sessionId
  session.replaces = replaces
  if (
    isSameSession &&
    previous.token.accessToken === token.accessToken &&
    previous.receivedAtMs === record.receivedAtMs
  ) {
    // The identity of the token stays where only other parts of the record are new.
    const activeAtMs = Math.max(previous.activeAtMs, record.activeAtMs)
    return updateSession(context, { ...record, token: previous.token, activeAtMs })
  }
  session.signInError = undefined
  state.refresh = {}
  if (!isSameSession) state.resourceTokens.clear()
  session.current = record
  publishSession(context)
  if (isSameSession) {
    const by = origin === 'this-tab' ? origin : 'other-tab'
    emit({ type: 'token-renewed', sessionId, by, expiresAtMs: token.expiresAtMs })
  } else if (previous) {
    emit({ type: 'session-replaced', sessionId, previousSessionId: previous.sessionId })
  } else {
    emit({ type: 'signed-in', sessionId, by: origin === 'this-tab' ? 'callback' : origin })
  }
  context.rearm()
}
