import type { Context } from '../context.ts'
import { type LiveRecord, liveRecord, tombstone } from '../model/record.ts'
import type { SignOutOptions, SignOutResult } from '../telnyx-auth.ts'
import { announce, beginLook, showSignedOut, storageDegraded } from './adopt.ts'
import { keepWriting } from './keep-writing.ts'
import { checkedPath, goBack } from './return-path.ts'

/** Writes the tombstone of the stored session, if it is that of `epoch`, where given. @returns the session that ended */
async function buryStored(
  context: Context,
  revoke: boolean,
  epoch?: string,
): Promise<LiveRecord | undefined> {
  let ended: LiveRecord | undefined
  let outcome: unknown
  await context.storage.update(context.sessionKey, (stored) => {
    const live = liveRecord(stored)
    ended = epoch === undefined || live?.epoch === epoch ? live : undefined
    outcome = ended && { ...tombstone(stored, ended.epoch, ''), ...(revoke && { revokes: true }) }
    return outcome
  })
  announce(context, outcome)
  return ended
}

/**
 * Signs out: here at once, then in every tab, then at the server where it can.
 *
 * @throws {TypeError} `returnTo` leads elsewhere
 */
export async function signOut(
  context: Context,
  { revoke = true, returnTo }: SignOutOptions = {},
): Promise<SignOutResult> {
  const { state } = context
  const { held } = state
  const path = returnTo && checkedPath(context, returnTo)
  // Whoever signs out twice has left only once.
  if (held) state.leftEpoch = held.epoch
  showSignedOut(context)
  const stillCounts = beginLook(context)
  let ended = held
  try {
    ended = (await buryStored(context, revoke)) ?? held
    // The store may have held a newer session than this tab showed.
    if (ended) state.leftEpoch = ended.epoch
  } catch (error) {
    storageDegraded(context)(error)
    // A reload would sign in again, and the other tabs do not know yet.
    const bury = async () => void (await buryStored(context, revoke, held?.epoch))
    if (held) void keepWriting(context, () => state.leftEpoch === held.epoch, bury)
  }
  stillCounts()
  let result: SignOutResult = { revoked: false, reason: revoke ? 'not_signed_in' : 'not_requested' }
  if (revoke && ended) {
    // Signing out is done; an engine that cannot be loaded costs only the revocation.
    result = await context.engine().then(
      ({ revokeSession }) => revokeSession(context, ended),
      () => ({ revoked: false, reason: 'failed' }),
    )
  }
  if (path) goBack(context, path)
  return result
}
