import { having } from './answers.ts'
import { internals, type TelnyxApi } from './api.ts'
import { authenticatedForm, type ClientAuthentication } from './client-authentication.ts'
import type { RequestOptions } from './options.ts'
import { assertIs, text } from './validation.ts'

export interface TokenResponse {
  readonly access_token: string
  readonly token_type: 'Bearer'
  /** Lifetime of the access token, in seconds. */
  readonly expires_in: number
  /** Replaces the one that was sent; if missing, that one stays valid. */
  readonly refresh_token?: string
  /** What was granted, space-separated. */
  readonly scope?: string
}

interface TokenInput {
  /** Space-separated. */
  readonly scope?: string | undefined
  /** @see RFC 8707 */
  readonly resource?: string | undefined
}

export interface AuthorizationCodeInput extends TokenInput {
  readonly code: string
  /** The verifier of the challenge in the authorization request. */
  readonly code_verifier?: string | undefined
  /** The same as in the authorization request. */
  readonly redirect_uri?: string | undefined
}

export interface RefreshTokenInput extends TokenInput {
  readonly refresh_token: string
}

export interface ClientCredentialsInput extends TokenInput {}

/** Trades a code for tokens. Sent once: a code works once. */
export async function exchangeAuthorizationCode(
  api: TelnyxApi,
  client: ClientAuthentication,
  input: AuthorizationCodeInput,
  options?: RequestOptions,
): Promise<TokenResponse> {
  assertIs('code', input.code, text)
  return requestToken(
    api,
    client,
    { ...input, grant_type: 'authorization_code' },
    options,
    input.code,
    input.code_verifier,
  )
}

/** Trades a refresh token for a new access token. Sent once: where refresh tokens rotate, the second time ends the grant. */
export async function refreshAccessToken(
  api: TelnyxApi,
  client: ClientAuthentication,
  input: RefreshTokenInput,
  options?: RequestOptions,
): Promise<TokenResponse> {
  assertIs('refresh_token', input.refresh_token, text)
  return requestToken(api, client, { ...input, grant_type: 'refresh_token' }, options, input.refresh_token)
}

/** A token for the client itself. Only for confidential clients, so never in a browser. */
export async function requestClientCredentialsToken(
  api: TelnyxApi,
  client: ClientAuthentication,
  input: ClientCredentialsInput = {},
  options?: RequestOptions,
): Promise<TokenResponse> {
  return requestToken(api, client, { ...input, grant_type: 'client_credentials' }, options)
}

function requestToken(
  api: TelnyxApi,
  client: ClientAuthentication,
  fields: object,
  options: RequestOptions | undefined,
  ...secrets: readonly unknown[]
): Promise<TokenResponse> {
  return internals(api).send(
    {
      path: 'oauth/token',
      ...authenticatedForm(client, fields, ...secrets),
      replay: 'never',
      read: having<TokenResponse>('access_token', text),
    },
    options,
  )
}
