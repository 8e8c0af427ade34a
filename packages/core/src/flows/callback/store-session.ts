import type { Context } from '../../context.ts'
import { type LiveRecord, liveRecord, nextGeneration, parseRecord } from '../../model/record.ts'
import type { Transaction } from '../../model/transaction.ts'
import { showSession } from '../session/publish-session.ts'
import { beginRead } from '../session/read-sequence.ts'
import { revokeTokens } from '../session/revoke.ts'
import { keepUnsaved } from '../session/save-session.ts'
import { adopt, announce, storageDegraded, syncSession } from '../session/sync-session.ts'

/**
 * Tells two users apart, as far as their ID tokens do. Two sign-ins of one user may share a grant:
 * many servers end it, and the new session with it, when a refresh token of the old one is revoked.
 */
function isOtherUser(one: LiveRecord, other: LiveRecord): boolean {
  const [first, second] = [one, other].map(({ token }) => token.claims?.sub)
  return first !== undefined && second !== undefined && first !== second
}

/** Stores the session of a sign-in. Only a sign-out that came after the callback began is stronger. */
export async function storeSession(
  context: Context,
  session: LiveRecord,
  { redeemingFrom = 0 }: Transaction,
): Promise<void> {
  const { storage, sessionKey } = context
  let next = session
  let before: unknown
  let refused: unknown
  let isStored = true
  const isLatest = beginRead(context)
  await storage
    .update(sessionKey, (stored) => {
      const seen = parseRecord(stored)
      before = stored
      const isSignedOut = seen && seen !== 'newer' && 'ended' in seen && !seen.ended
      refused = seen === 'newer' || (isSignedOut && seen.generation > redeemingFrom) ? stored : undefined
      next = { ...session, generation: nextGeneration(stored) }
      return refused ? undefined : next
    })
    .catch((error) => {
      isStored = false
      storageDegraded(context)(error)
    })
  const counts = isLatest() && !context.state.reads.isBehind
  if (refused) {
    // A newer version has a session that may share the grant.
    if (parseRecord(refused) !== 'newer') void revokeTokens(context, session)
    return counts ? adopt(context, refused, 'storage') : syncSession(context, 'storage').catch(() => {})
  }
  if (!isStored) {
    // This tab alone has the session; the others go on with the one that is stored.
    showSession(context, next, 'callback', 'session')
    return keepUnsaved(context)
  }
  const replaced = liveRecord(before)
  if (replaced && isOtherUser(replaced, session)) void revokeTokens(context, replaced)
  announce(context, next)
  if (counts) showSession(context, next, 'callback')
  // Another tab may have signed out, or in, after the write and before it returned.
  else await syncSession(context, 'callback').catch(() => {})
}
