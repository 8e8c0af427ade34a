import type { Context } from '../context.ts'
import { TelnyxAuthError } from '../errors.ts'
import { reread, showSignedOut } from './adopt.ts'

/** Names the note in this tab that a code is being exchanged, for the case that the page is reloaded meanwhile. */
export const redeemingNote = ({ sessionKey }: Context): string => `${sessionKey} redeeming`

/** Shows what is stored: one read, no write. Says so when this tab was reloaded during a sign-in that is lost now. */
export async function restore(context: Context): Promise<void> {
  const { page, state, snapshots } = context
  const wasInterrupted = page.recall(redeemingNote(context)) !== undefined
  page.remember(redeemingNote(context), undefined)
  try {
    await reread(context, 'storage')
    if (wasInterrupted && !state.held) showSignedOut(context, new TelnyxAuthError('callback_interrupted'))
  } catch (cause) {
    // A message or a wake-up may have had this tab look again, with more luck.
    if (snapshots.getSnapshot().status === 'pending')
      showSignedOut(context, new TelnyxAuthError('storage_failed', { cause }))
  }
}
