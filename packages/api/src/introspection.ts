import { having } from './answers.ts'
import { internals, type TelnyxApi } from './api.ts'
import { authenticatedForm, type ClientAuthentication } from './client-authentication.ts'
import type { RequestOptions } from './options.ts'
import { assertIs, flag, text } from './validation.ts'

/** What the server knows about a token. Only `active` is there for one that is not. */
export interface Introspection {
  readonly active: boolean
  readonly aud?: string
  readonly client_id?: string
  /** Expiry, in seconds since 1970. */
  readonly exp?: number
  /** Issuance, in seconds since 1970. */
  readonly iat?: number
  readonly iss?: string
  /** Space-separated. */
  readonly scope?: string
}

/**
 * Asks whether an access token is valid. For confidential clients, so never in a browser; Telnyx allows each client
 * five of these in 60 s.
 *
 * @see RFC 7662
 */
export async function introspectToken(
  api: TelnyxApi,
  client: ClientAuthentication,
  token: string,
  options?: RequestOptions,
): Promise<Introspection> {
  assertIs('token', token, text)
  return internals(api).send(
    {
      path: 'oauth/introspect',
      ...authenticatedForm(client, { token }, token),
      read: having<Introspection>('active', flag),
    },
    options,
  )
}
