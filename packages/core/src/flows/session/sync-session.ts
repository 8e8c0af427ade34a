import type { Context } from '../../context.ts'
import { errorTable } from '../../error-table.ts'
import { TelnyxAuthError } from '../../errors.ts'
import { endsAtMs } from '../../model/lifetime.ts'
import { type LiveRecord, liveRecord, parseRecord, type StoredRecord, tombstone } from '../../model/record.ts'
import {
  markSaved,
  type Origin,
  requireSession,
  showSession,
  showSignedOut,
  updateSession,
} from './publish-session.ts'
import { beginRead } from './read-sequence.ts'

/** Handles a write that failed: this tab goes on with what it has in memory. */
export const storageDegraded =
  ({ emit, storage }: Context) =>
  (error: unknown): void =>
    emit({ type: 'storage-degraded', kind: storage.kind, reason: String(error) })

/**
 * Tells if `stored` is older than the part that this tab could not store: the spent tokens of the session, or the session that
 * was there before it.
 */
export function isOlderThanUnsaved(
  { state: { session } }: Context,
  stored: StoredRecord | undefined,
): boolean {
  const { current, unsaved } = session
  if (!current || !unsaved) return false
  const isEnd = stored && 'ended' in stored
  // The end of the session is never older than its tokens: the tab that wrote it did not know their generation.
  if (stored?.sessionId === current.sessionId) return !isEnd && stored.generation < current.generation
  if (unsaved === 'tokens') return false
  // A sign-out that came later means every session of this browser.
  if (isEnd) return !!stored.ended || stored.generation < current.generation
  return !stored || stored.signedInAtMs <= current.signedInAtMs
}

/** Takes over the end of the session, with its reason. */
function adoptEnd(context: Context, record: StoredRecord | undefined): void {
  const { state, snapshots } = context
  const { current, unsaved } = state.session
  if (current && unsaved && record && 'revokes' in record) {
    // The sign-out of another tab could not revoke the refresh token that only this one has.
    void context.loadServerFlows().then(
      ({ revokeSession }) => revokeSession(context, current),
      () => {},
    )
  }
  const ended = record && 'ended' in record ? record.ended : 'storage_cleared'
  // Another version of this library may know reasons that this one does not.
  const code = ended && !Object.hasOwn(errorTable, ended) ? 'session_expired' : ended
  // Report the reason only if this tab had a session. If it was already signed out, keep the error in the snapshot.
  if (state.session.current) showSignedOut(context, code ? new TelnyxAuthError(code) : undefined)
  else if (snapshots.getLatest().status === 'pending') showSignedOut(context)
}

/** Takes over the stored record, unless this tab knows something newer. */
export function adopt(context: Context, stored: unknown, origin: Origin): void {
  const { state, options, clock } = context
  const { current, signedOutId } = state.session
  const record = parseRecord(stored)
  if (record === 'newer') return showSignedOut(context, new TelnyxAuthError('newer_version'))
  if (isOlderThanUnsaved(context, record)) return
  if (!record || 'ended' in record) return adoptEnd(context, record)
  if (record.sessionId === signedOutId) return
  if (options.dpop === 'required' && !record.proofKey) {
    return showSignedOut(context, new TelnyxAuthError('dpop_unsupported', { subject: 'stored session' }))
  }
  const isSameSession = record.sessionId === current?.sessionId
  if (clock.now() >= endsAtMs(record, options)) {
    void expireSession(context, record)
    // This tab may know of an activity, or the store by now: a tab that shows the session waits for the store.
    if (!isSameSession) showSignedOut(context, new TelnyxAuthError('session_expired'))
    return
  }
  if (isSameSession && record.generation <= current.generation) {
    if (record.generation === current.generation) markSaved(context)
    if (record.activeAtMs > current.activeAtMs) {
      updateSession(context, { ...current, activeAtMs: record.activeAtMs })
    }
    return
  }
  showSession(context, record, origin)
}

/** Reads the store and takes over the record in it. A store that cannot be read changes nothing. */
export async function syncSession(context: Context, origin: Origin = 'other-tab'): Promise<void> {
  const isLatest = beginRead(context)
  const stored = await context.storage.read(context.sessionKey)
  if (isLatest()) adopt(context, stored, origin)
}

/** Tells the other tabs that `stored` is there to be read. */
export function announce({ channel }: Context, stored: unknown): void {
  const record = parseRecord(stored)
  if (record && record !== 'newer') {
    channel.post({ generation: record.generation, sessionId: record.sessionId })
  }
}

/**
 * Changes the stored record in one atomic step, tells the other tabs if it was written, and takes over the result.
 *
 * @param change returns the next record, or `undefined` to leave the stored one, which is taken over then
 */
export async function changeSession(context: Context, change: (stored: unknown) => unknown): Promise<void> {
  const isLatest = beginRead(context)
  let outcome: unknown
  const isWritten = await context.storage.update(context.sessionKey, (stored) => {
    const next = change(stored)
    outcome = next ?? stored
    return next
  })
  if (isLatest()) adopt(context, outcome, 'other-tab')
  if (isWritten) announce(context, outcome)
}

/** Ends `session`, whose time is over, in every tab; unless the store has a later end: that record is taken over. */
export async function expireSession(context: Context, session: LiveRecord): Promise<void> {
  const { options, clock, state } = context
  const isOver = (record: LiveRecord) => clock.now() >= endsAtMs(record, options)
  await changeSession(context, (stored) => {
    const live = liveRecord(stored)
    // Another tab may have got a newer token, or noted an activity of the user.
    if (live?.sessionId !== session.sessionId || !isOver(live)) return undefined
    return tombstone(stored, session.sessionId, 'session_expired')
  }).catch(storageDegraded(context))
  // The time is over, even where no storage has the session or takes its end.
  const { current } = state.session
  if (current?.sessionId === session.sessionId && isOver(current)) {
    showSignedOut(context, new TelnyxAuthError('session_expired'))
  }
}

/** The session this tab shows, unless its time is over. @throws {TelnyxAuthError} the reason why there is none */
export async function requireLiveSession(context: Context): Promise<LiveRecord> {
  const session = requireSession(context)
  if (context.clock.now() < endsAtMs(session, context.options)) return session
  await expireSession(context, session)
  // Another tab may have kept it alive, but for a token that may be old by now.
  requireSession(context, session.sessionId)
  return requireLiveSession(context)
}
