import type { Context } from '../../context.ts'
import type { LiveRecord } from '../../model/record.ts'
import { signOutNote } from '../../model/state-prefix.ts'
import { isSecureUrl, parseUrl } from '../../model/urls.ts'
import { randomId } from '../../protocol/random.ts'
import type { SignOutResult } from '../../telnyx-auth.ts'
import { discover, discoverIssuer } from '../server/discover.ts'
import { withTimeout } from '../server/with-timeout.ts'

/**
 * Leaves for the server to end its own session. No ID token is stored, so the request names the client in place of an
 * `id_token_hint`, and the server may ask the user to confirm.
 *
 * @throws {TelnyxAuthError} `metadata_*`, `issuer_not_allowed`
 * @throws {TimeoutError} the metadata did not come in time
 * @see OpenID Connect RP-Initiated Logout 1.0 section 2
 */
export async function endServerSession(
  context: Context,
  ended: LiveRecord | undefined,
  returnTo: string | undefined,
): Promise<NonNullable<SignOutResult['serverSession']>> {
  const { clock, options, page } = context
  const metadata = ended ? discoverIssuer(context, ended.issuer) : discover(context)
  const { end_session_endpoint: endpoint } = await withTimeout(clock, metadata, options.requestTimeoutMs)
  const url = parseUrl(endpoint)
  if (!url || !isSecureUrl(url)) return 'not_supported'
  url.searchParams.set('client_id', options.clientId)
  if (returnTo) {
    const state = randomId()
    url.searchParams.set('post_logout_redirect_uri', new URL(returnTo, page.href()).href)
    url.searchParams.set('state', state)
    page.remember(signOutNote, state)
  }
  page.navigate(url.href)
  return 'ending'
}
