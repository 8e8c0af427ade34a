import type { AdapterPayload } from 'oidc-provider'
import { basePathOf, type EmulatorContext } from '../context.ts'
import type { ClientRecord } from '../store/client-record.ts'

/** The record in oidc-provider's words. */
export function clientMetadata(record: ClientRecord, offeredScopes: readonly string[]): AdapterPayload {
  const redirects =
    record.redirect_uris.length > 0 && record.allowed_grant_types.includes('authorization_code')
  const isPublic = record.client_type === 'public'
  // A client without a secret may have the grant client_credentials, but nothing to use it with: RFC 6749 section 4.4.
  const grantTypes = record.allowed_grant_types.filter((grant) =>
    grant === 'authorization_code' ? redirects : !(isPublic && grant === 'client_credentials'),
  )
  const isWeb = record.redirect_uris.every((uri) => /^https?:/i.test(uri))
  const scopes = record.allowed_scopes?.filter((scope) => offeredScopes.includes(scope))
  return {
    client_id: record.client_id,
    client_name: record.name,
    application_type: isWeb ? 'web' : 'native',
    redirect_uris: [...record.redirect_uris],
    grant_types: [...grantTypes],
    response_types: redirects ? ['code'] : [],
    token_endpoint_auth_method: isPublic ? 'none' : 'client_secret_basic',
    ...(record.client_secret === null ? {} : { client_secret: record.client_secret }),
    // oidc-provider takes no empty scope; the check of requested scopes refuses what is not allowed.
    ...(scopes === undefined || scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
  }
}

const LOOPBACK_ORIGIN = /^(http:\/\/(?:localhost|127\.0\.0\.1|\[::1\]))(?::\d+)?(?=[/?]|$)/i

/**
 * Whether a redirect URI is one of the registered ones. Unless they are compared exactly, any port will do on loopback;
 * and a registered URI on loopback stands for the app's own origin, if the emulator is served on a path of it.
 *
 * @see RFC 8252 section 7.3
 */
export function mayRedirect(context: EmulatorContext, registered: readonly string[], uri: string): boolean {
  if (registered.includes(uri)) return true
  if (context.options.redirectUriMatching === 'exact') return false
  const { origin } = new URL(context.issuer)
  const isOwn = basePathOf(context) !== '' && uri.startsWith(`${origin}/`)
  const portless = withoutLoopbackPort(isOwn ? `http://localhost${uri.slice(origin.length)}` : uri)
  return portless !== undefined && registered.some((other) => withoutLoopbackPort(other) === portless)
}

/** Works on the text, so that nothing but the port is ever treated as equal. */
function withoutLoopbackPort(uri: string): string | undefined {
  return LOOPBACK_ORIGIN.test(uri) ? uri.replace(LOOPBACK_ORIGIN, '$1') : undefined
}
