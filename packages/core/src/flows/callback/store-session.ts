import type { Context } from '../../context.ts'
import { type LiveRecord, liveRecord, nextGeneration, type StoredRecord } from '../../model/record.ts'
import type { Transaction } from '../../model/transaction.ts'
import { revokeTokens } from '../session/revoke.ts'
import { keepInMemory } from '../session/save-session.ts'
import { changeSession } from '../session/sync-session.ts'

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
  let next = session
  let replaced: LiveRecord | undefined
  const isNewerVersion = (seen: StoredRecord | undefined) =>
    !!seen && 'ended' in seen && seen.ended === 'newer_version'
  const isRefused = (seen: StoredRecord | undefined) =>
    isNewerVersion(seen) || (!!seen && 'ended' in seen && !seen.ended && seen.generation > redeemingFrom)
  const change = await changeSession(context, (stored) => {
    replaced = liveRecord(stored)
    next = { ...session, generation: nextGeneration(stored) }
    return isRefused(stored) ? undefined : next
  })
  if (!change) {
    // The others go on with the session that is stored; of two sign-ins the later one wins.
    const isLater = (other: StoredRecord | undefined) =>
      Number(liveRecord(other)?.signedInAtMs) > session.signedInAtMs
    return keepInMemory(context, next, (other) => !isRefused(other) && !isLater(other))
  }
  if (change.isWritten) {
    if (replaced && isOtherUser(replaced, session)) void revokeTokens(context, replaced)
    // A newer version has a session that may share the grant.
  } else if (!isNewerVersion(change.record)) void revokeTokens(context, session)
}
