import { calculatePKCECodeChallenge, generateRandomCodeVerifier } from 'oauth4webapi'
import { TelnyxAuthError } from '../errors.ts'
import { translateError } from './translate-error.ts'
import type { Metadata, Transport } from './transport.ts'

/** A fresh code verifier (RFC 7636 section 4.1). */
export const newCodeVerifier = (): string => generateRandomCodeVerifier()

/** What an authorization request says; the protocol's own parameters win over `extra`. */
export interface AuthorizationRequest {
  readonly redirectUri: string
  readonly state: string
  readonly verifier: string
  readonly scopes: readonly string[]
  readonly extra: Readonly<Record<string, string | readonly string[] | undefined>>
}

/** Whether the metadata lists S256: without it nobody may sign in (RFC 9700 section 2.1.1). */
export function supportsPkce(metadata: Metadata): boolean {
  const methods: unknown = metadata.code_challenge_methods_supported
  return Array.isArray(methods) && methods.includes('S256')
}

/**
 * The parameters of an authorization request.
 *
 * @see RFC 6749 section 4.1.1, RFC 7636 section 4.3
 */
export async function authorizationParameters(
  { clientId }: Transport,
  request: AuthorizationRequest,
): Promise<URLSearchParams> {
  const parameters = {
    ...request.extra,
    scope: request.scopes.join(' ') || undefined,
    response_type: 'code',
    client_id: clientId,
    redirect_uri: request.redirectUri,
    state: request.state,
    code_challenge: await calculatePKCECodeChallenge(request.verifier),
    code_challenge_method: 'S256',
  }
  const given = Object.entries(parameters).flatMap(([name, value = []]) =>
    [value].flat().map((one) => [name, one]),
  )
  return new URLSearchParams(given)
}

/** The URL that the browser leaves for. The endpoint may have a query of its own (RFC 6749 section 3.1). */
export function authorizationUrl(metadata: Metadata, parameters: URLSearchParams): string {
  const url = new URL(String(metadata.authorization_endpoint))
  for (const name of parameters.keys()) url.searchParams.delete(name)
  for (const [name, value] of parameters) url.searchParams.append(name, value)
  return url.href
}

/**
 * Validates the answer in the redirect URI, and returns the code in it. Not by oauth4webapi, whose checks are for every
 * kind of authorization response.
 *
 * @param answer what the URL has of `code`, `state`, `iss`, `error` and what goes with it
 * @throws {TelnyxAuthError} `issuer_mismatch`, `access_denied`, `authorization_failed`, `callback_invalid`
 * @see RFC 6749 section 4.1.2, RFC 9207 section 2.4
 */
export function validateAnswer(metadata: Metadata, answer: URLSearchParams, state: string): string {
  const isFromElsewhere = answer.has('iss')
    ? answer.getAll('iss').some((iss) => iss !== metadata.issuer)
    : metadata.authorization_response_iss_parameter_supported
  // First of all, and without a word of what came with it: none of it can be trusted.
  if (isFromElsewhere) throw new TelnyxAuthError('issuer_mismatch')
  // RFC 6749 section 3.1: no parameter comes twice. Which of two is meant, an attacker would decide.
  const names = [...answer.keys()]
  if (new Set(names).size < names.length) throw new TelnyxAuthError('callback_invalid')
  const { code, error, error_description } = Object.fromEntries(answer)
  const isOurs = answer.get('state') === state
  if (isOurs && error) {
    const refusal = Object.assign(new Error('the authorization response has an error'), {
      error,
      error_description,
    })
    const { cause, server } = translateError(refusal, 0, code ? [code] : [])
    const ours = error === 'access_denied' ? 'access_denied' : 'authorization_failed'
    throw new TelnyxAuthError(ours, { cause, server })
  }
  if (isOurs && code) return code
  throw new TelnyxAuthError('callback_invalid')
}
