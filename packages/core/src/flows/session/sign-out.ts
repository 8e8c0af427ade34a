import type { Context } from '../../context.ts'
import { type LiveRecord, liveRecord, tombstone } from '../../model/record.ts'
import { checkOption } from '../../options.ts'
import type { SignOutOptions, SignOutResult } from '../../telnyx-auth.ts'
import { markSignedOut, showSignedOut } from './publish-session.ts'
import { changeSession } from './sync-session.ts'

/**
 * Writes the tombstone of the session that is signed out of: the stored one if it is `session` or was there before
 * it. A session that came later stays.
 *
 * @returns the stored session that ended, if there is one; no change if the storage failed
 */
async function bury(context: Context, session: LiveRecord | undefined, revokes: boolean) {
  let ended: LiveRecord | undefined
  const change = await changeSession(context, (stored) => {
    const live = liveRecord(stored)
    const isMeant =
      !session || live?.sessionId === session.sessionId || Number(live?.signedInAtMs) <= session.signedInAtMs
    ended = isMeant ? live : undefined
    return ended && { ...tombstone(stored, ended.sessionId, ''), ...(revokes && { revokes }) }
  })
  return { change, ended }
}

/**
 * Signs out of the session of this tab, stored or not: here at once, then in every tab, then at the server where it
 * can.
 *
 * @throws {TypeError} `returnTo` leads elsewhere
 */
export async function signOut(context: Context, given: SignOutOptions = {}): Promise<SignOutResult> {
  const { revoke = true, returnTo } = given
  const { current: session } = context.state.session
  if (returnTo) checkOption('signOut', 'homePath', returnTo, 'returnTo')
  if (session) markSignedOut(context, session.sessionId)
  showSignedOut(context)
  const work = () => bury(context, session, revoke)
  const { change, ended: stored } = await work()
  let ended = session
  if (change && stored) {
    markSignedOut(context, stored.sessionId)
    // The newest refresh token: the store is behind where a write failed, and ahead where a message was lost.
    const isNewer = stored.generation > (session?.generation ?? 0)
    if (!session || (stored.sessionId === session.sessionId && isNewer)) ended = stored
  }
  const unburied = !change && session ? async () => !!(await work()).change : undefined
  try {
    const { finishSignOut } = await context.loadServerFlows()
    return await finishSignOut(context, given, ended, unburied)
  } catch {
    // The sign-out is done; server flows that cannot be loaded cost only the revocation.
    if (returnTo) context.page.navigate(returnTo)
    return { revoked: false, reason: 'failed', ...(given.endServerSession && { serverSession: 'failed' }) }
  }
}
