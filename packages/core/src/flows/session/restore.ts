import type { Context } from '../../context.ts'
import { TelnyxAuthError } from '../../errors.ts'
import { showSignedOut } from './publish-session.ts'
import { syncSession } from './sync-session.ts'

/** Names the note in this tab on the last sign-in that came back: that its code is being exchanged, or that it failed. */
export const callbackNote = ({ sessionKey }: Context): string => `${sessionKey} callback`

/**
 * Shows the stored session: one read, no write. Reports a sign-in that a reload of this tab interrupted.
 *
 * @param failure shown where there is no session
 */
export async function restore(context: Context, failure?: TelnyxAuthError): Promise<void> {
  const { page, state, clock } = context
  const resume = async () => {
    const note = page.recall(callbackNote(context))
    // If the code cannot be loaded, the note stays for the next reload.
    if (note)
      await context.loadServerFlows().then(
        (flows) => flows.resumeCallback(context, note),
        () => {},
      )
  }
  try {
    await syncSession(context, 'storage')
    // The notes of a tab are slow to open, and a user who is signed in already does not wait for them.
    if (state.session.current) return void clock.setTimer(0, () => void resume())
    if (failure) showSignedOut(context, failure)
    else await resume()
  } catch (cause) {
    showSignedOut(context, new TelnyxAuthError('storage_failed', { cause }))
  }
}
