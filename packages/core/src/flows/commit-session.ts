import type { Context } from '../context.ts'
import {
  isBefore,
  isUnstored,
  type LiveRecord,
  liveRecord,
  nextGeneration,
  parseRecord,
} from '../model/record.ts'
import type { Transaction } from '../model/transaction.ts'
import { adopt, announce, beginLook, reread, showRecord, storageDegraded } from './adopt.ts'
import { keepWriting } from './keep-writing.ts'
import { revokeTokens } from './revoke.ts'

/** Stores the session that this tab alone has, unless something newer is there. */
async function storeLater(context: Context, epoch: string): Promise<void> {
  const { storage, sessionKey, state } = context
  const unstored = () => (state.held?.epoch === epoch && isUnstored(state.held) ? state.held : undefined)
  await keepWriting(
    context,
    () => !!unstored(),
    async () => {
      const stillCounts = beginLook(context)
      let outcome: unknown
      await storage.update(sessionKey, (stored) => {
        const held = unstored()
        const seen = parseRecord(stored)
        outcome = stored
        if (!held || seen === 'newer' || !isBefore(seen, held)) return undefined
        outcome = { ...held, generation: nextGeneration(stored) }
        return outcome
      })
      const isLast = stillCounts()
      const stored = liveRecord(outcome)
      // Nothing that this tab shows has changed: the store has it now, and a say in it.
      if (stored?.epoch === epoch && unstored()) state.held = stored
      else if (isLast) adopt(context, outcome, 'other-tab')
      announce(context, outcome)
    },
  )
}

/**
 * Whether two sessions are those of two people, as far as ID tokens tell. Two sign-ins of one person may share a grant:
 * many servers end it, and the new session with it, when a refresh token of the old one is revoked.
 */
function isSomebodyElses(one: LiveRecord, other: LiveRecord): boolean {
  const [first, second] = [one, other].map(({ token }) => token.claims?.sub)
  return first !== undefined && second !== undefined && first !== second
}

/** Stores the new session. Only a sign-out that came after the callback began is stronger. */
export async function commitSession(
  context: Context,
  session: LiveRecord,
  { redeemingFrom = 0, redeemingOver }: Transaction,
): Promise<void> {
  const { storage, sessionKey, state } = context
  let next = session
  let before: unknown
  let refused: unknown
  let isStored = true
  const stillCounts = beginLook(context)
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
      // Not written: this tab alone has the session, and the others go on with the old one. Which one that is, tells
      // the store, else what this tab has seen of it since.
      const replaces = liveRecord(before)?.epoch ?? state.held?.epoch ?? redeemingOver
      next = { ...session, ...(replaces && { replaces }) }
      before = undefined
      isStored = false
      storageDegraded(context)(error)
    })
  const isLast = stillCounts()
  if (refused) {
    // A newer version has a session that may share the grant.
    if (parseRecord(refused) !== 'newer') void revokeTokens(context, session)
    if (isLast) adopt(context, refused, 'storage')
    return
  }
  const replaced = liveRecord(before)
  if (replaced && isSomebodyElses(replaced, session)) void revokeTokens(context, replaced)
  announce(context, next)
  if (isLast || !isStored) showRecord(context, next, 'callback')
  void storeLater(context, next.epoch)
  // Somebody may have signed out, or in, after the write and before it was answered.
  if (!isLast) await reread(context, 'callback').catch(() => {})
}
