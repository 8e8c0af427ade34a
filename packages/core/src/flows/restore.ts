import type { Context } from '../context.ts'
import { TelnyxAuthError } from '../errors.ts'
import { reread, showSignedOut } from './adopt.ts'

/** Names the note in this tab that a code is being exchanged, for the case that the page is reloaded meanwhile. */
export const redeemingNote = ({ sessionKey }: Context): string => `${sessionKey} redeeming`

/** Shows what is stored: one read, no write. Says so when this tab was reloaded during a sign-in that is lost now. */
export async function restore(context: Context): Promise<void> {
  const { page, state, snapshots, clock } = context
  const forget = () => page.remember(redeemingNote(context), undefined)
  try {
    await reread(context, 'storage')
    // The notes of a tab are slow to open, and whoever is signed in already does not wait for them.
    if (state.held) return void clock.setTimer(0, forget)
    const wasInterrupted = page.recall(redeemingNote(context)) !== undefined
    forget()
    if (wasInterrupted) showSignedOut(context, new TelnyxAuthError('callback_interrupted'))
  } catch (cause) {
    // A message or a wake-up may have had this tab look again, with more luck.
    if (snapshots.getSnapshot().status === 'pending')
      showSignedOut(context, new TelnyxAuthError('storage_failed', { cause }))
  }
}
