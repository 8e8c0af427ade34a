import {
  genericTokenEndpointRequest,
  getValidatedIdTokenClaims,
  None,
  processGenericTokenEndpointResponse,
} from 'oauth4webapi'
import { TelnyxAuthError } from '../errors.ts'
import type { TokenResponse } from '../model/token-response.ts'
import { clientOf, type Metadata, requestOptions, type Transport } from './transport.ts'

/**
 * Asks the token endpoint. One path for both grants: oauth4webapi's own pair of functions for each costs half a
 * kilobyte more. No `signal`, no `keepalive`: a token request that was sent is never called back.
 */
async function grant(
  transport: Transport,
  metadata: Metadata,
  grantType: string,
  { resource, scope, ...parameters }: Readonly<Record<string, string | undefined>>,
): Promise<TokenResponse> {
  const client = clientOf(transport)
  const body = { ...parameters, ...(resource && { resource }), ...(scope && { scope }) } as Record<
    string,
    string
  >
  const options = requestOptions(transport)
  const response = await genericTokenEndpointRequest(metadata, client, None(), grantType, body, options)
  const answer = await processGenericTokenEndpointResponse(metadata, client, response)
  const isBound = answer.token_type === 'dpop'
  const isRight = isBound ? transport.proves : answer.token_type === 'bearer' && transport.proves !== 'must'
  if (!isRight) {
    throw new TelnyxAuthError('response_invalid', { subject: 'token_type' })
  }
  // `Headers` refuses anything else, and quotes it in its error.
  if (!/^[!-~]+$/.test(answer.access_token)) {
    throw new TelnyxAuthError('response_invalid', { subject: 'access_token' })
  }
  return {
    accessToken: answer.access_token,
    tokenType: isBound ? 'DPoP' : undefined,
    expiresInSeconds: answer.expires_in,
    refreshToken: answer.refresh_token,
    scope: answer.scope,
    claims: getValidatedIdTokenClaims(answer),
  }
}

/**
 * Exchanges an authorization code for tokens.
 *
 * @see RFC 6749 section 4.1.3, RFC 7636 section 4.5, RFC 8707 section 2.2
 */
export function exchangeCode(
  transport: Transport,
  metadata: Metadata,
  code: string,
  { redirectUri, verifier, resource }: { redirectUri: string; verifier: string; resource?: string },
): Promise<TokenResponse> {
  const parameters = { code, redirect_uri: redirectUri, code_verifier: verifier, resource }
  return grant(transport, metadata, 'authorization_code', parameters)
}

/**
 * Trades a refresh token for the next tokens.
 *
 * @param target what the access token is for; the refresh token stays what it is
 * @see RFC 6749 section 6, RFC 8707 section 2.2
 */
export function refreshGrant(
  transport: Transport,
  metadata: Metadata,
  refreshToken: string,
  { resource, scopes }: { resource?: string | undefined; scopes?: readonly string[] | undefined },
): Promise<TokenResponse> {
  const parameters = { refresh_token: refreshToken, resource, scope: scopes?.join(' ') }
  return grant(transport, metadata, 'refresh_token', parameters)
}
