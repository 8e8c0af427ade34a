import type { Context } from '../../context.ts'
import { errorTable } from '../../error-table.ts'
import { TelnyxAuthError } from '../../errors.ts'
import { endsAtMs } from '../../model/lifetime.ts'
import { type LiveRecord, liveRecord, parseRecord, type StoredRecord, tombstone } from '../../model/record.ts'
import { type Origin, requireSession, showSession, showSignedOut } from './publish-session.ts'
import { beginRead } from './read-sequence.ts'

/** Tells if `stored` is older than the session that no storage has taken yet: its own spent tokens, or what it replaces. */
export function isOlderThanUnsaved(
  { state: { session } }: Context,
  stored: StoredRecord | undefined,
): boolean {
  const { current, replaces } = session
  if (!current || !replaces) return false
  if (stored?.sessionId !== current.sessionId) return replaces(stored)
  // The end of the session is never older than its tokens: the tab that wrote it did not know their generation.
  return !('ended' in stored) && stored.generation < current.generation
}

/** Takes over the end of the session, with its reason. */
function adoptEnd(context: Context, record: StoredRecord | undefined): void {
  const { state, snapshots } = context
  const { current, replaces } = state.session
  if (current && replaces && record && 'revokes' in record) {
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
  if (current || code === 'newer_version')
    showSignedOut(context, code ? new TelnyxAuthError(code) : undefined)
  else if (snapshots.getLatest().status === 'pending') showSignedOut(context)
}

/** Takes over the stored record, unless this tab knows something newer. */
export function adopt(context: Context, record: StoredRecord | undefined, origin: Origin): void {
  const { state, options, clock } = context
  const { current, signedOutId } = state.session
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
  } else if (!isSameSession || record.generation >= current.generation) showSession(context, record, origin)
}

/** Reads the store and takes over the record in it. A store that cannot be read changes nothing. */
export async function syncSession(context: Context, origin: Origin = 'other-tab'): Promise<void> {
  const isLatest = beginRead(context)
  const stored = await context.storage.read(context.sessionKey)
  if (isLatest()) adopt(context, parseRecord(stored), origin)
}

/** The result of a change: the record that is stored now, and if this tab wrote it. */
export interface Change {
  readonly record: StoredRecord | undefined
  readonly isWritten: boolean
}

/**
 * Changes the stored record in one atomic step, tells the other tabs of a new generation, and takes over the result.
 *
 * @param change returns the next record, or `undefined` to leave the stored one. It may run twice
 * @returns `undefined`: the storage failed, and this tab goes on with what it has in memory
 */
export async function changeSession(
  context: Context,
  change: (stored: StoredRecord | undefined) => StoredRecord | undefined,
): Promise<Change | undefined> {
  const { storage, sessionKey, channel, emit, state } = context
  const isLatest = beginRead(context)
  let before: StoredRecord | undefined
  let next: StoredRecord | undefined
  try {
    await storage.update(sessionKey, (stored) => {
      before = parseRecord(stored)
      next = change(before)
      return next
    })
    const record = next ?? before
    if (next && next.generation !== before?.generation) {
      channel.post({ generation: next.generation, sessionId: next.sessionId })
    }
    // A later read has finished first, or another tab has changed the store since: the store is read again.
    if (!isLatest() || state.reads.isBehind) await syncSession(context).catch(() => {})
    else adopt(context, record, next ? 'this-tab' : 'other-tab')
    return { record, isWritten: !!next }
  } catch (error) {
    emit({ type: 'storage-degraded', kind: storage.kind, reason: String(error) })
    return undefined
  }
}

/** Ends `session`, whose time is over, in every tab; unless the store has a later end: that record is taken over. */
export async function expireSession(context: Context, session: LiveRecord): Promise<void> {
  const { options, clock, state } = context
  const isOver = (record: LiveRecord | undefined) =>
    record?.sessionId === session.sessionId && clock.now() >= endsAtMs(record, options)
  // Another tab may have got a newer token, or noted an activity of the user.
  await changeSession(context, (stored) =>
    isOver(liveRecord(stored)) ? tombstone(stored, session.sessionId, 'session_expired') : undefined,
  )
  // The time is over, even where no storage has the session or takes its end.
  if (isOver(state.session.current)) showSignedOut(context, new TelnyxAuthError('session_expired'))
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
