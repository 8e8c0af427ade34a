import type { Context } from '../context.ts'
import type { TelnyxAuthError } from '../errors.ts'
import { showSignedOut, showSignInError } from './session/publish-session.ts'

/** Shows and reports a sign-in that failed. A session that was there before goes on. */
export function showSignInFailure(context: Context, error: TelnyxAuthError): void {
  const show = context.state.session.current ? showSignInError : showSignedOut
  show(context, error)
  context.emit({ type: 'sign-in-failed', code: error.code })
}
