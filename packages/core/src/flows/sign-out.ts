import type { Context } from '../context.ts'
import { type LiveRecord, liveRecord, tombstone } from '../model/record.ts'
import type { SignOutOptions, SignOutResult } from '../telnyx-auth.ts'
import { announce, beginLook, showSignedOut, storageDegraded } from './adopt.ts'
import { checkedPath, goBack } from './return-path.ts'

/** Writes the tombstone that ends the session in every tab. @returns the session that ended */
async function bury(context: Context, held: LiveRecord | undefined): Promise<LiveRecord | undefined> {
  const { storage, sessionKey, state } = context
  let ended = held
  let outcome: unknown
  await storage
    .update(sessionKey, (stored) => {
      const live = liveRecord(stored)
      ended = live ?? held
      outcome = live && tombstone(stored, live.epoch, '')
      return outcome
    })
    .catch(storageDegraded(context))
  beginLook(context)()
  // The store may have held a newer session than this tab showed.
  state.leftEpoch = ended?.epoch
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
  const { held } = context.state
  const path = returnTo && checkedPath(context, returnTo)
  context.state.leftEpoch = held?.epoch
  showSignedOut(context)
  const ended = await bury(context, held)
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
