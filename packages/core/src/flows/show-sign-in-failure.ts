import type { Context } from '../context.ts'
import type { TelnyxAuthError } from '../errors.ts'
import { publishSession, showSignedOut } from './session/publish-session.ts'

/** Shows and reports a sign-in that failed. A session that was there before goes on. */
export function showSignInFailure(context: Context, error: TelnyxAuthError): void {
  const { session } = context.state
  if (session.current) {
    session.signInError = error
    publishSession(context)
  } else showSignedOut(context, error)
  context.emit({ type: 'sign-in-failed', code: error.code })
}
