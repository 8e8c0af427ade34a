import type { EndpointName } from '../endpoints.ts'
import type { ClientSeed } from '../store/client-record.ts'
import type { SigningAlgorithm } from '../tokens/keys.ts'
import type { EmulatorAccount } from './accounts.ts'
import type { ProfileName, RateLimit } from './profiles.ts'
import type { RefusalName, RefusalResponse } from './refusals.ts'

/** Which origins may read the emulator's answers from a page. */
export interface CorsOptions {
  /** Origins that are let in. @default 'any' */
  readonly origins?: 'any' | readonly string[]
  /** Endpoints that send no CORS headers at all and refuse every preflight. @default [] */
  readonly except?: readonly EndpointName[]
  /** Response headers a page may read. @default WWW-Authenticate, DPoP-Nonce, Retry-After, Retry-After-Ms, X-Should-Retry, the rate limits and X-Request-Id */
  readonly exposeHeaders?: readonly string[]
}

/** Who may use the controls at `/__emulator/` besides loopback hosts and pages of loopback origins. */
export interface ControlAccess {
  /**
   * Host names, without a port, under which the controls are reached, from other machines too: the name of a container,
   * for example. @default []
   */
  readonly hosts?: readonly string[]
  /** Origins of pages. @default [] */
  readonly origins?: readonly string[]
}

/** Who is sent to a consent page other than the built-in one. */
export interface ConsentPageOptions {
  /** Address of the page; it gets `?consent_token=`. */
  readonly url: string
  /**
   * Ids of clients that keep the built-in page: the one that the page itself signs in with, to get the token it
   * decides with. @default []
   */
  readonly except?: readonly string[]
}

/** Data for a large account, made up when the emulator starts. They belong to the first account. */
export interface SeedOptions {
  /** Number of OAuth clients. @default 0 */
  readonly clients?: number
  /** Number of grants. @default 0 */
  readonly grants?: number
}

/** How OpenID Connect is offered. */
export interface OpenIdOptions {
  /** Algorithm that signs ID tokens. @default 'ES256' */
  readonly idTokenAlgorithm?: SigningAlgorithm
  /** Whether the metadata name that algorithm in `id_token_signing_alg_values_supported`. @default true */
  readonly listAlgorithm?: boolean
  /** Lifetime of ID tokens in seconds. @default 3600 */
  readonly idTokenLifetimeSeconds?: number
  /** Refuses authorization requests for `openid` that have no `nonce`. @default false */
  readonly requireNonce?: boolean
}

/** A well-known document that describes the server: RFC 8414's, or that of OpenID Connect Discovery. */
export type MetadataDocument = 'oauth-authorization-server' | 'openid-configuration'

/** Everything that can be set on an emulator. Defaults come from the Telnyx contract where it says something. */
export interface EmulatorOptions {
  /** Address to listen on. @default '127.0.0.1' */
  readonly host?: string
  /** Port to listen on; 0 lets the operating system choose. @default 4010 */
  readonly port?: number
  /** Host name in the issuer and in every URL of the metadata. @default 'localhost' */
  readonly publicHost?: string
  /** Issuer, when it is not `http://{publicHost}:{port}`: behind a proxy, say. No trailing slash. */
  readonly issuer?: string

  /** Which picture of the service to paint: as observed, or as published. @default 'live' */
  readonly profile?: ProfileName
  /** The people who can sign in; the first one is preselected. @default three made-up people */
  readonly accounts?: readonly EmulatorAccount[]
  /** OAuth clients that exist from the start. @default one public client, `telnyx-demo` */
  readonly clients?: readonly ClientSeed[]
  /** Makes up many clients and grants for the first account. @default none */
  readonly seed?: SeedOptions
  /** File that keeps clients, grants, tokens and keys between starts. @default none: nothing is kept */
  readonly stateFile?: string

  /** Scopes on offer. With `openid` among them, `openId` is on. @default those of the profile */
  readonly scopes?: readonly string[]
  /** Lifetime of access tokens in seconds; with 0 they are issued as expired. @default 1800 */
  readonly accessTokenLifetimeSeconds?: number
  /** Lifetime of refresh tokens in seconds, counted anew at each rotation. @default 2592000 (30 days) */
  readonly refreshTokenLifetimeSeconds?: number
  /** Lifetime of authorization codes in seconds. @default 60 */
  readonly codeLifetimeSeconds?: number
  /** How long a person may look at the consent page, in seconds. @default 600 */
  readonly consentLifetimeSeconds?: number
  /** Each refresh replaces the refresh token; using an old one again revokes the grant. If false, a refresh answers without one. @default true */
  readonly rotateRefreshTokens?: boolean
  /** How long a replaced refresh token still works, in seconds. @default 0 */
  readonly refreshGracePeriodSeconds?: number
  /**
   * How a dead refresh token is refused: `invalid_grant` as RFC 6749 says, the same beside a `WWW-Authenticate`
   * header (`challenge`), `invalid_request`, 400 with an empty body (`empty`), the v2 envelope, or a response of your
   * own. @default 'invalid_grant'
   */
  readonly refreshTokenRefusal?: RefusalName | RefusalResponse
  /** Opaque access tokens, or JWTs signed with the key in the JWKS. @default 'opaque' */
  readonly accessTokenFormat?: 'opaque' | 'jwt'
  /** Whether revoking a grant ends its access tokens too. @default true */
  readonly revokeAccessTokensWithGrant?: boolean

  /** OpenID Connect: the scope `openid`, ID tokens at sign-in and refresh, `openid-configuration`. @default false */
  readonly openId?: boolean | OpenIdOptions
  /** Which metadata documents are served; others are 404. @default RFC 8414's, and with `openId` both */
  readonly metadataDocuments?: readonly MetadataDocument[]
  /** Sends `iss` on redirects and says so in the metadata (RFC 9207). @default false */
  readonly issRedirectParameter?: boolean
  /** Accepts DPoP proofs (RFC 9449), optionally insisting on a nonce. @default false */
  readonly dpop?: boolean | { readonly requireNonce: boolean }
  /** Offers token revocation (RFC 7009) at `/v2/oauth/revoke`. @default false */
  readonly revocation?: boolean
  /** Offers pushed authorization requests (RFC 9126) at `/v2/oauth/par`, optionally insisting on them. @default false */
  readonly par?: boolean | { readonly required: boolean }
  /** Offers RP-initiated logout (OpenID Connect) at `/v2/oauth/logout`. @default false */
  readonly endSession?: boolean
  /** Resources that may be named in `resource` (RFC 8707) besides the API and its `/v2/mcp`; a path is one of the emulator's own. @default [] */
  readonly resources?: readonly string[]
  /** How redirect URIs on loopback are compared: on any port (RFC 8252, section 7.3) or exactly. @default 'loopback' */
  readonly redirectUriMatching?: 'loopback' | 'exact'

  /** Remembers the signed-in person in a cookie, so that the next sign-in is silent. @default false */
  readonly rememberSignIn?: boolean
  /** Page to send people to instead of the built-in one; it gets `?consent_token=`. */
  readonly consentUrl?: string | ConsentPageOptions
  /** Which pages may read the answers. `false` sends no CORS header anywhere. @default true */
  readonly cors?: boolean | CorsOptions
  /** Hosts and origins that may use the controls besides those of loopback. @default {} */
  readonly controlAccess?: ControlAccess
  /** Members to put into the authorization server metadata; `null` removes one. @default {} */
  readonly metadata?: Readonly<Record<string, unknown>>
  /** Error bodies of the management endpoints. @default 'v2' for live, 'oauth' for spec */
  readonly errorStyle?: 'v2' | 'oauth'
  /** Status for a token whose scope does not suffice. @default 401, as Telnyx documents it */
  readonly insufficientScopeStatus?: 401 | 403
  /** Rate limits; `false` turns them off. @default the profile's: for live 5 introspections a minute per client, 5 registrations an hour */
  readonly rateLimits?:
    | false
    | { readonly introspect?: RateLimit | false; readonly register?: RateLimit | false }
}
