import type { Context } from '../../context.ts'
import type { LiveRecord } from '../../model/record.ts'
import type { SignOutOptions, SignOutResult } from '../../telnyx-auth.ts'
import { goBack } from '../go-back.ts'
import { allowedPath } from '../return-path.ts'
import { keepBurying } from './keep-burying.ts'
import { revokeSession } from './revoke.ts'

/**
 * Does the part of a sign-out that follows once the session is forgotten here: revokes it, then goes to `returnTo`, or to
 * the server.
 *
 * @param ended the session with its newest refresh token
 * @param bury writes the tombstone and tells if it worked, if the first write failed
 */
export async function finishSignOut(
  context: Context,
  { revoke = true, endServerSession, returnTo }: SignOutOptions,
  ended: LiveRecord | undefined,
  bury: (() => Promise<boolean>) | undefined,
): Promise<SignOutResult> {
  if (bury) void keepBurying(context, bury)
  let result: SignOutResult = { revoked: false, reason: revoke ? 'not_signed_in' : 'not_requested' }
  if (revoke && ended) result = await revokeSession(context, ended)
  if (endServerSession) {
    const serverSession = await context
      .loadTokenFlows()
      .then((flows) => flows.endServerSession(context, ended, returnTo))
      .catch(() => 'failed' as const)
    result = { ...result, serverSession }
    if (serverSession === 'ending') return result
  }
  if (returnTo && context.options.navigate && allowedPath(context, returnTo)) goBack(context, returnTo)
  // Without a router, or where that ends, the page may lie outside of the app, and its address alone would be shown.
  else if (returnTo) context.page.navigate(returnTo)
  return result
}
