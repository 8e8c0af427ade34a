import { TelnyxAuthError } from '../errors.ts'
import { isUsable, type TokenResponse, type UsableTokenResponse } from '../model/token-response.ts'
import { postForm } from './form-request.ts'
import { readIdToken } from './id-token.ts'
import { ResponseError } from './response-error.ts'
import { parseTokenResponse, readTokenBody } from './token-response.ts'
import type { Metadata, Transport } from './transport.ts'

/**
 * Asks the token endpoint. Not by oauth4webapi: its reading of the response refuses all of it for one odd member. No
 * `signal`, no `keepalive`: a token request that was sent is never called back.
 */
async function grant(
  transport: Transport,
  metadata: Metadata,
  grantType: string,
  parameters: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly tokens: TokenResponse; readonly idToken: unknown }> {
  const given = Object.entries({ ...parameters, grant_type: grantType })
  const form = new URLSearchParams(given.filter((entry): entry is [string, string] => !!entry[1]))
  const response = await postForm(transport, metadata.token_endpoint, form)
  const body = await readTokenBody(response, grantType === 'refresh_token')
  const tokens = parseTokenResponse(body, transport.proves)
  if (!isUsable(tokens) && !tokens.refreshToken) {
    if (body.error) throw new ResponseError('response_invalid', response, body)
    throw new TelnyxAuthError('response_invalid', { subject: tokens.problem })
  }
  return { tokens, idToken: body.id_token }
}

/**
 * Exchanges an authorization code for tokens.
 *
 * @throws {TelnyxAuthError} `response_invalid` with the member at fault: no usable access token, or a wrong ID token
 * @see RFC 6749 section 4.1.3, RFC 7636 section 4.5, RFC 8707 section 2.2
 */
export async function exchangeCode(
  transport: Transport,
  metadata: Metadata,
  code: string,
  {
    redirectUri,
    verifier,
    resource,
    nonce,
  }: {
    readonly redirectUri: string
    readonly verifier: string
    readonly resource?: string | undefined
    readonly nonce?: string | undefined
  },
): Promise<UsableTokenResponse> {
  const parameters = { code, redirect_uri: redirectUri, code_verifier: verifier, resource }
  const { tokens, idToken } = await grant(transport, metadata, 'authorization_code', parameters)
  const { issuer } = metadata
  const { claims, problem } = readIdToken(idToken, { issuer, clientId: transport.clientId, nonce })
  const subject = tokens.problem ?? problem
  if (!isUsable(tokens) || subject) throw new TelnyxAuthError('response_invalid', { subject })
  return { ...tokens, claims }
}

/**
 * Trades a refresh token for the next tokens. Whatever else in the response is odd, its refresh token is returned; a
 * wrong ID token has no claims.
 *
 * @param target what the access token is for; the refresh token stays what it is
 * @throws {TelnyxAuthError} `response_invalid` with the member at fault: neither token can be used
 * @see RFC 6749 section 6, RFC 8707 section 2.2
 */
export async function refreshGrant(
  transport: Transport,
  metadata: Metadata,
  refreshToken: string,
  { resource, scopes }: { resource?: string | undefined; scopes?: readonly string[] | undefined },
): Promise<TokenResponse> {
  const parameters = { refresh_token: refreshToken, resource, scope: scopes?.join(' ') }
  const { tokens, idToken } = await grant(transport, metadata, 'refresh_token', parameters)
  const { issuer } = metadata
  return { ...tokens, claims: readIdToken(idToken, { issuer, clientId: transport.clientId }).claims }
}
