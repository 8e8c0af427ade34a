import { document } from './answers.ts'
import { internals, type TelnyxApi } from './api.ts'
import type { RequestOptions } from './options.ts'
import { assertIs } from './validation.ts'

/** @see RFC 8414 */
export interface AuthorizationServerMetadata {
  readonly issuer?: string
  readonly authorization_endpoint?: string
  readonly token_endpoint?: string
  readonly introspection_endpoint?: string
  readonly registration_endpoint?: string
  readonly jwks_uri?: string
  readonly response_types_supported?: readonly string[]
  readonly grant_types_supported?: readonly string[]
  readonly code_challenge_methods_supported?: readonly string[]
  readonly token_endpoint_auth_methods_supported?: readonly string[]
  readonly scopes_supported?: readonly string[]
  readonly protected_resources?: readonly string[]
}

/** @see RFC 9728 */
export interface ProtectedResourceMetadata {
  readonly resource?: string
  readonly authorization_servers?: readonly string[]
  readonly scopes_supported?: readonly string[]
  readonly bearer_methods_supported?: readonly string[]
  readonly resource_name?: string
}

/** A public key. @see RFC 7517 */
export interface Jwk {
  readonly kid?: string
  readonly kty?: string
  readonly alg?: string
  readonly use?: string
  readonly crv?: string
  readonly x?: string
  readonly y?: string
  readonly n?: string
  readonly e?: string
}

export interface JwkSet {
  readonly keys?: readonly Jwk[]
}

/** The path that the API is served under, without `/v2`: well-known documents have it behind their names. */
function prefixOf(api: TelnyxApi): string {
  return new URL(internals(api).baseUrl).pathname.replace(/\/(v2\/)?$/, '')
}

/** The endpoints and abilities of the authorization server. */
export async function getAuthorizationServerMetadata(
  api: TelnyxApi,
  options?: RequestOptions,
): Promise<AuthorizationServerMetadata> {
  return internals(api).send(
    {
      path: `/.well-known/oauth-authorization-server${prefixOf(api)}`,
      isPublic: true,
      read: document<AuthorizationServerMetadata>,
    },
    options,
  )
}

/**
 * Which authorization servers a resource trusts.
 *
 * @param resource - an absolute path on the API's origin such as `/v2/mcp`, or the URL of any resource;
 *   by default the API itself. Compare it with `resource` of the answer (RFC 9728 section 3.3).
 */
export async function getProtectedResourceMetadata(
  api: TelnyxApi,
  resource: string = prefixOf(api) || '/',
  options?: RequestOptions,
): Promise<ProtectedResourceMetadata> {
  const { origin, pathname, search } = new URL(resource, internals(api).baseUrl)
  assertIs('resource', origin, [(value) => value !== 'null', 'a path or an http(s) URL'])
  const suffix = `${pathname}${search}`.replace(/^\/(?=$|\?)/, '')
  return internals(api).send(
    {
      path: `${origin}/.well-known/oauth-protected-resource${suffix}`,
      isPublic: true,
      read: document<ProtectedResourceMetadata>,
    },
    options,
  )
}

/** The keys that access tokens are signed with, where they are JWTs. */
export async function getJwks(api: TelnyxApi, options?: RequestOptions): Promise<JwkSet> {
  return internals(api).send({ path: 'oauth/jwks', isPublic: true, read: document<JwkSet> }, options)
}
