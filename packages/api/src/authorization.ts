import { internals, type TelnyxApi } from './api.ts'
import { parameters } from './bodies.ts'
import { assertIs, text, uri } from './validation.ts'

export interface AuthorizationRequest {
  readonly client_id: string
  /** Exactly as registered. */
  readonly redirect_uri: string
  /** Space-separated. */
  readonly scope?: string | undefined
  /** Comes back with the answer; compare it. */
  readonly state?: string | undefined
  /** The hash of a verifier that `exchangeAuthorizationCode` sends. */
  readonly code_challenge?: string | undefined
  /** Telnyx announces `S256` only; without this a server takes `plain`. */
  readonly code_challenge_method?: 'plain' | 'S256' | undefined
  /** @see RFC 8707 */
  readonly resource?: string | undefined
}

/**
 * The URL that begins an authorization code flow. Navigate there: it answers with pages, not with data.
 *
 * @throws {TypeError} if the server could not even redirect
 * @see RFC 6749 section 4.1.1
 */
export function buildAuthorizationUrl(api: TelnyxApi, request: AuthorizationRequest): string {
  assertIs('client_id', request.client_id, text)
  assertIs('redirect_uri', request.redirect_uri, uri)
  return `${internals(api).baseUrl}oauth/authorize?${parameters({ ...request, response_type: 'code' })}`
}
