import type { Context } from '../context.ts'
import { errorTable } from '../error-table.ts'
import { TelnyxAuthError } from '../errors.ts'
import { endsAtMs } from '../model/lifetime.ts'
import { isBefore, type LiveRecord, liveRecord, parseRecord, tombstone } from '../model/record.ts'
import type { SignedInSnapshot } from '../session.ts'

/** Handles a write that failed: this tab goes on with what it has in memory. */
export const storageDegraded =
  ({ emit, storage }: Context) =>
  (error: unknown): void =>
    emit({ type: 'storage-degraded', kind: storage.kind, reason: String(error) })

/** How a record came to this tab. */
export type Origin = 'callback' | 'storage' | 'this-tab' | 'other-tab'

/**
 * Begins a look at the store. The answer counts only if no later look was answered before it.
 *
 * @returns whether the answer still counts; call it when the answer is there
 */
export function beginLook({ state }: Context): () => boolean {
  state.looks += 1
  const look = state.looks
  return () => {
    if (look < state.lastLook) return false
    state.lastLook = look
    return true
  }
}

/** Changes parts of the signed-in snapshot; nothing else is touched. */
export function patchSnapshot(context: Context, part: Partial<Omit<SignedInSnapshot, 'status'>>): void {
  const snapshot = context.snapshots.getSnapshot()
  if (snapshot.status !== 'signed-in') return
  // A snapshot keeps its identity as long as it says the same.
  if (Object.entries(part).every(([name, value]) => snapshot[name as keyof typeof part] === value)) return
  const { error, ...next } = { ...snapshot, ...part }
  context.snapshots.publish(error ? { ...next, error } : next)
}

/** Shows nobody signed in, with the reason if there is one. The store is not touched. */
export function showSignedOut(context: Context, error?: TelnyxAuthError): void {
  const { state, snapshots, emit } = context
  const { held } = state
  const before = snapshots.getSnapshot()
  state.held = undefined
  state.failure = undefined
  state.cancelTimer()
  if (before.status === 'signed-out' && before.error?.code === error?.code) return
  snapshots.publish(error ? { status: 'signed-out', error } : { status: 'signed-out' })
  if (held) emit({ type: 'signed-out', sessionId: held.epoch, ...(error && { code: error.code }) })
}

/** Why there is no session. */
export const reasonOfEnd = ({ snapshots }: Context): TelnyxAuthError =>
  snapshots.getSnapshot().error ?? new TelnyxAuthError('signed_out')

/** Shows a live session and arranges for its renewal. */
export function showRecord(context: Context, record: LiveRecord, origin: Origin): void {
  const { state, snapshots, emit } = context
  const { epoch, token } = record
  const previous = state.held
  state.held = record
  const isSameToken =
    origin !== 'this-tab' &&
    previous?.token.accessToken === token.accessToken &&
    previous.receivedAtMs === record.receivedAtMs
  if (isSameToken && previous.epoch === epoch) {
    // Another refresh token, or a token beside its own: nothing that anyone is shown.
    state.held = { ...record, token: previous.token }
    return context.rearm()
  }
  state.failure = undefined
  state.failedGoes = 0
  snapshots.publish({ status: 'signed-in', sessionId: epoch, token, isRefreshing: false, isStale: false })
  if (previous?.epoch === epoch) {
    const by = origin === 'this-tab' ? origin : 'other-tab'
    emit({ type: 'token-renewed', sessionId: epoch, by, expiresAtMs: token.expiresAtMs })
  } else if (previous) {
    emit({ type: 'session-replaced', sessionId: epoch, previousSessionId: previous.epoch })
  } else {
    emit({ type: 'signed-in', sessionId: epoch, by: origin === 'this-tab' ? 'callback' : origin })
  }
  context.rearm()
}

/** Takes over what the store says, unless this tab knows something newer. */
export function adopt(context: Context, stored: unknown, origin: Origin): void {
  const { state, snapshots, options, clock } = context
  const { held } = state
  const record = parseRecord(stored)
  if (record === 'newer') return showSignedOut(context, new TelnyxAuthError('newer_version'))
  // No storage took this session: what was there before it, or nothing, says nothing about it.
  if (held && isBefore(record, held)) return
  if (!record || 'ended' in record) {
    const ended = record ? record.ended : 'storage_cleared'
    // Another version of this library may know reasons that this one does not.
    const code = ended && !Object.hasOwn(errorTable, ended) ? 'session_expired' : ended
    // Only who lost a session is told why; whoever is signed out keeps what was said about that.
    if (held) showSignedOut(context, code ? new TelnyxAuthError(code) : undefined)
    else if (snapshots.getSnapshot().status === 'pending') showSignedOut(context)
    return
  }
  if (record.epoch === state.leftEpoch) return
  if (clock.now() >= endsAtMs(record, options)) {
    void expireSession(context, record)
    // This tab may know of an activity, or the store by now: who shows the session waits for what it says.
    if (record.epoch !== held?.epoch) showSignedOut(context, new TelnyxAuthError('session_expired'))
    return
  }
  if (record.epoch === held?.epoch && record.generation <= held.generation) {
    if (record.activeAtMs <= held.activeAtMs) return
    state.held = { ...held, activeAtMs: record.activeAtMs }
    return context.rearm()
  }
  showRecord(context, record, origin)
}

/** Reads the store and takes over what it says. A store that cannot be read changes nothing. */
export async function reread(context: Context, origin: Origin = 'other-tab'): Promise<void> {
  const stillCounts = beginLook(context)
  const stored = await context.storage.read(context.sessionKey)
  if (stillCounts()) adopt(context, stored, origin)
}

/** Tells the other tabs that `stored` is there to be read. */
export function announce({ channel }: Context, stored: unknown): void {
  const record = parseRecord(stored)
  if (record && record !== 'newer') channel.post({ generation: record.generation, epoch: record.epoch })
}

/** Ends the session `held`, whose time is over, in every tab; unless the store knows better: that is taken over. */
export async function expireSession(context: Context, held: LiveRecord): Promise<void> {
  const { storage, sessionKey, options, clock, state } = context
  let outcome: unknown
  const change = (stored: unknown) => {
    const live = liveRecord(stored)
    outcome = stored
    // Another tab may have got a newer token, or seen the person do something.
    if (live?.epoch !== held.epoch || clock.now() < endsAtMs(live, options)) return undefined
    outcome = tombstone(stored, held.epoch, 'session_expired')
    return outcome
  }
  const stillCounts = beginLook(context)
  const takeOver = () => {
    if (stillCounts()) adopt(context, outcome, 'other-tab')
    announce(context, outcome)
  }
  await storage.update(sessionKey, change).then(takeOver, storageDegraded(context))
  // Time is up, even where no storage has the session or takes its end.
  const current = state.held
  if (current?.epoch === held.epoch && clock.now() >= endsAtMs(current, options)) {
    showSignedOut(context, new TelnyxAuthError('session_expired'))
  }
}
