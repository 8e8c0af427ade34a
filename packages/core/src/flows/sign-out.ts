import type { Context } from '../context.ts'
import { type LiveRecord, liveRecord, tombstone } from '../model/record.ts'
import type { SignOutOptions, SignOutResult } from '../telnyx-auth.ts'
import { announce, beginLook, showSignedOut, storageDegraded } from './adopt.ts'
import { checkedPath, goBack } from './return-path.ts'
import { pause } from './within.ts'

const buryEveryMs = 5000

/** Writes the tombstone of the session in the store, or only of that of `epoch`. @returns the session that ended */
async function bury(context: Context, epoch: string | undefined): Promise<LiveRecord | undefined> {
  let ended: LiveRecord | undefined
  let outcome: unknown
  await context.storage.update(context.sessionKey, (stored) => {
    const live = liveRecord(stored)
    ended = epoch === undefined || live?.epoch === epoch ? live : undefined
    outcome = ended && tombstone(stored, ended.epoch, '')
    return outcome
  })
  announce(context, outcome)
  return ended
}

/** Goes on where the disk failed: a reload would sign in again, and the other tabs do not know yet. */
async function keepBurying(context: Context, epoch: string): Promise<void> {
  const { state, clock } = context
  while (state.leftEpoch === epoch && state.isRunning) {
    await pause(clock, buryEveryMs)
    try {
      await bury(context, epoch)
      return
    } catch {
      // It was reported the first time.
    }
  }
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
  let ended = held
  try {
    ended = (await bury(context, undefined)) ?? held
    // The store may have held a newer session than this tab showed.
    if (ended) state.leftEpoch = ended.epoch
  } catch (error) {
    storageDegraded(context)(error)
    if (held) void keepBurying(context, held.epoch)
  }
  beginLook(context)()
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
