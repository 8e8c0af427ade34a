// Our types against the official SDK's, both ways. Never run: compiling it is the test, and `npm run check` compiles it.
import type * as api from '@telnyx-oauth/api'
import type Telnyx from 'telnyx'

/** What an operation resolves with. */
type Result<Operation extends (...call: never) => unknown> = Awaited<ReturnType<Operation>>
/** What stands at a place in an operation's arguments. */
type Argument<Operation extends (...call: never) => unknown, Place extends number> = NonNullable<
  Parameters<Operation>[Place]
>
/** What the SDK finds in an envelope. */
type Data<Envelope extends { data?: unknown }> = NonNullable<Envelope['data']>
type Item<List extends AsyncIterable<unknown>> = List extends AsyncIterable<infer T> ? T : never
type Element<List> = NonNullable<List> extends readonly (infer T)[] ? T : never

/** What a form POST to the token endpoint has in it. */
type TokenForm<GrantType extends string, Input> = Input & {
  readonly grant_type: GrantType
  readonly client_id: api.ClientAuthentication['client_id']
  readonly client_secret?: NonNullable<api.ClientAuthentication['client_secret']>
}

interface Ours {
  authorizationServerMetadata: Result<typeof api.getAuthorizationServerMetadata>
  protectedResourceMetadata: Result<typeof api.getProtectedResourceMetadata>
  jwks: Result<typeof api.getJwks>
  jwk: Element<Result<typeof api.getJwks>['keys']>
  authorization: Argument<typeof api.buildAuthorizationUrl, 1> & { readonly response_type: 'code' }
  consent: Result<typeof api.getConsentDetails>
  consentScope: Element<Result<typeof api.getConsentDetails>['requested_scopes']>
  decision: Argument<typeof api.createOAuthGrant, 1>
  decided: Result<typeof api.createOAuthGrant>
  introspection: { readonly token: Argument<typeof api.introspectToken, 2> }
  introspected: Result<typeof api.introspectToken>
  registration: Argument<typeof api.registerOAuthClient, 1>
  registered: Result<typeof api.registerOAuthClient>
  code: TokenForm<'authorization_code', Argument<typeof api.exchangeAuthorizationCode, 2>>
  refresh: TokenForm<'refresh_token', Argument<typeof api.refreshAccessToken, 2>>
  ownToken: TokenForm<'client_credentials', Argument<typeof api.requestClientCredentialsToken, 2>>
  token: Result<typeof api.exchangeAuthorizationCode>
  refreshed: Result<typeof api.refreshAccessToken>
  ownTokens: Result<typeof api.requestClientCredentialsToken>
  clientQuery: Argument<typeof api.listOAuthClients, 1>
  clientListed: Item<ReturnType<typeof api.listOAuthClients>>
  pageMeta: NonNullable<Item<ReturnType<ReturnType<typeof api.listOAuthClients>['pages']>>['meta']>
  clientInput: Argument<typeof api.createOAuthClient, 1>
  clientCreated: Result<typeof api.createOAuthClient>
  client: Result<typeof api.getOAuthClient>
  clientChange: Argument<typeof api.updateOAuthClient, 2>
  clientChanged: Result<typeof api.updateOAuthClient>
  clientDeleted: Result<typeof api.deleteOAuthClient>
  grantQuery: Argument<typeof api.listOAuthGrants, 1>
  grantListed: Item<ReturnType<typeof api.listOAuthGrants>>
  grant: Result<typeof api.getOAuthGrant>
  grantRevoked: NonNullable<Result<typeof api.revokeOAuthGrant>>
}

interface Theirs {
  authorizationServerMetadata: Telnyx.WellKnownRetrieveAuthorizationServerMetadataResponse
  protectedResourceMetadata: Telnyx.WellKnownRetrieveProtectedResourceMetadataResponse
  jwks: Telnyx.OAuthRetrieveJwksResponse
  jwk: Telnyx.OAuthRetrieveJwksResponse.Key
  authorization: Telnyx.OAuthRetrieveAuthorizeParams
  consent: Data<Telnyx.OAuthRetrieveResponse>
  consentScope: Telnyx.OAuthRetrieveResponse.Data.RequestedScope
  decision: Telnyx.OAuthGrantsParams
  decided: Telnyx.OAuthGrantsResponse
  introspection: Telnyx.OAuthIntrospectParams
  introspected: Telnyx.OAuthIntrospectResponse
  registration: Telnyx.OAuthRegisterParams
  registered: Telnyx.OAuthRegisterResponse
  code: TheirTokenForm<'authorization_code', 'code', 'refresh_token'>
  refresh: TheirTokenForm<'refresh_token', 'refresh_token', 'code' | 'code_verifier' | 'redirect_uri'>
  ownToken: TheirTokenForm<
    'client_credentials',
    never,
    'code' | 'code_verifier' | 'redirect_uri' | 'refresh_token'
  >
  token: Telnyx.OAuthTokenResponse
  refreshed: Telnyx.OAuthTokenResponse
  ownTokens: Telnyx.OAuthTokenResponse
  clientQuery: Telnyx.OAuthClientListParams
  clientListed: Telnyx.OAuthClient
  pageMeta: Telnyx.OAuthOAuthPaginationMeta
  clientInput: Telnyx.OAuthClientCreateParams
  clientCreated: Data<Telnyx.OAuthClientCreateResponse>
  client: Data<Telnyx.OAuthClientRetrieveResponse>
  clientChange: Telnyx.OAuthClientUpdateParams
  clientChanged: Data<Telnyx.OAuthClientUpdateResponse>
  clientDeleted: Awaited<ReturnType<Telnyx.OAuthClients['delete']>>
  grantQuery: Telnyx.OAuthGrantListParams
  grantListed: Telnyx.OAuthGrant
  grant: Data<Telnyx.OAuthGrantRetrieveResponse>
  grantRevoked: Data<Telnyx.OAuthGrantDeleteResponse>
}

/** The SDK has one type for three forms: here with what this grant needs, and without what belongs to the others. */
type TheirTokenForm<
  GrantType extends Telnyx.OAuthTokenParams['grant_type'],
  Needed extends keyof Telnyx.OAuthTokenParams,
  Foreign extends keyof Telnyx.OAuthTokenParams,
> = Omit<Telnyx.OAuthTokenParams, 'grant_type' | Foreign> &
  Required<Pick<Telnyx.OAuthTokenParams, Needed | 'client_id'>> & { grant_type: GrantType }

/** Members that the SDK does not know: live documents have them, or RFC 8707 and RFC 7517 do. */
interface OnlyOurs {
  authorizationServerMetadata: 'protected_resources'
  protectedResourceMetadata: 'scopes_supported' | 'bearer_methods_supported' | 'resource_name'
  jwk: 'crv' | 'x' | 'y' | 'n' | 'e'
  authorization: 'resource'
  code: 'resource'
  refresh: 'resource'
  ownToken: 'resource'
}

/**
 * T without `readonly`, however deep. Where an input may be `undefined` rather than left out, the SDK, which is compiled
 * without exactOptionalPropertyTypes, means the same by `?`.
 */
type Mutable<T> = T extends readonly (infer Each)[]
  ? Mutable<Each>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Mutable<Exclude<T[Key], undefined>> }
    : T

/** Keys of either that the other lacks. */
type Difference<A, B> = Exclude<keyof A, keyof B> | Exclude<keyof B, keyof A>

type Differences = { [Name in keyof Ours]: Difference<Ours[Name], Theirs[Name]> }
type Expected = { [Name in keyof Ours]: Name extends keyof OnlyOurs ? OnlyOurs[Name] : never }

// One line per promise: the error names the value and the member that broke it.
export const theirValuesAreOurs = (theirs: Theirs): Ours => theirs
export const ourValuesAreTheirs = (ours: Mutable<Ours>): Theirs => ours
export const noMemberIsUnknown = (differences: Differences): Expected => differences
export const theRestIsStillOnlyOurs = (expected: Expected): Differences => expected
