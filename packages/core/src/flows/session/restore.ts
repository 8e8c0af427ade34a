import type { Context } from '../../context.ts'
import { TelnyxAuthError } from '../../errors.ts'
import { showSignedOut } from './publish-session.ts'
import { syncSession } from './sync-session.ts'

/** Names the note in this tab that a code is being exchanged, for the case that the page is reloaded meanwhile. */
export const redeemingNote = ({ sessionKey }: Context): string => `${sessionKey} redeeming`

/** Shows the stored session: one read, no write. Reports a sign-in that a reload of this tab interrupted. */
export async function restore(context: Context): Promise<void> {
  const { page, state, clock } = context
  const forget = () => page.remember(redeemingNote(context), undefined)
  try {
    await syncSession(context, 'storage')
    // The notes of a tab are slow to open, and a user who is signed in already does not wait for them.
    if (state.session.current) return void clock.setTimer(0, forget)
    const wasInterrupted = page.recall(redeemingNote(context)) !== undefined
    forget()
    if (wasInterrupted) showSignedOut(context, new TelnyxAuthError('callback_interrupted'))
  } catch (cause) {
    showSignedOut(context, new TelnyxAuthError('storage_failed', { cause }))
  }
}
