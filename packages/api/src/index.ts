export type { TelnyxApi } from './api.ts'
export { createTelnyxApi } from './api.ts'
export type { TokenEndpointAuthMethod } from './auth-method.ts'
export type { AuthorizationRequest } from './authorization.ts'
export { buildAuthorizationUrl } from './authorization.ts'
export type { ClientAuthentication } from './client-authentication.ts'
export type {
  OAuthClient,
  OAuthClientCreateInput,
  OAuthClientListQuery,
  OAuthClientUpdateInput,
} from './clients.ts'
export {
  createOAuthClient,
  deleteOAuthClient,
  getOAuthClient,
  listOAuthClients,
  updateOAuthClient,
} from './clients.ts'
export type { ConsentDecision, ConsentDetails, ConsentRedirect, ConsentScope } from './consent.ts'
export { createOAuthGrant, getConsentDetails } from './consent.ts'
export type { TelnyxErrorItem } from './errors.ts'
export { TelnyxApiError, TelnyxConnectionError, TelnyxTimeoutError } from './errors.ts'
export type { GrantType } from './grant-type.ts'
export type { OAuthGrant, OAuthGrantListQuery } from './grants.ts'
export { getOAuthGrant, listOAuthGrants, revokeOAuthGrant } from './grants.ts'
export type { Introspection } from './introspection.ts'
export { introspectToken } from './introspection.ts'
export type { AccessTokenSource, RequestOptions, TelnyxApiOptions } from './options.ts'
export type { Page, PagedList, PageQuery, PaginationMeta } from './pages.ts'
export type { ClientRegistration, ClientRegistrationInput } from './registration.ts'
export { registerOAuthClient } from './registration.ts'
export type {
  AuthorizationCodeInput,
  ClientCredentialsInput,
  RefreshTokenInput,
  TokenResponse,
} from './tokens.ts'
export { exchangeAuthorizationCode, refreshAccessToken, requestClientCredentialsToken } from './tokens.ts'
export type {
  AuthorizationServerMetadata,
  Jwk,
  JwkSet,
  ProtectedResourceMetadata,
} from './well-known.ts'
export {
  getAuthorizationServerMetadata,
  getJwks,
  getProtectedResourceMetadata,
} from './well-known.ts'
