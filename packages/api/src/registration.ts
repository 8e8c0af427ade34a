import { having } from './answers.ts'
import { internals, type TelnyxApi } from './api.ts'
import { authMethod, type TokenEndpointAuthMethod } from './auth-method.ts'
import { json } from './bodies.ts'
import { type GrantType, grantTypes } from './grant-type.ts'
import type { RequestOptions } from './options.ts'
import { assertFields, listOf, text, uri } from './validation.ts'

export interface ClientRegistrationInput {
  /** Absolute URIs. */
  readonly redirect_uris?: readonly string[] | undefined
  readonly client_name?: string | undefined
  /**
   * A client that is to be given refresh tokens must ask for `refresh_token`.
   * @default ['authorization_code']
   */
  readonly grant_types?: readonly GrantType[] | undefined
  /** @default ['code'] */
  readonly response_types?: readonly string[] | undefined
  /** Space-separated. */
  readonly scope?: string | undefined
  /**
   * A browser app must say `none`.
   * @default 'client_secret_basic'
   */
  readonly token_endpoint_auth_method?: TokenEndpointAuthMethod | undefined
  readonly logo_uri?: string | undefined
  readonly policy_uri?: string | undefined
  readonly tos_uri?: string | undefined
}

/** What was registered, which replaces what was asked for. */
export interface ClientRegistration {
  readonly client_id: string
  /** In seconds since 1970. */
  readonly client_id_issued_at: number
  /** Of confidential clients. */
  readonly client_secret?: string
  readonly client_name?: string
  readonly redirect_uris?: readonly string[]
  readonly grant_types?: readonly string[]
  readonly response_types?: readonly string[]
  readonly scope?: string
  readonly token_endpoint_auth_method?: string
  readonly logo_uri?: string
  readonly policy_uri?: string
  readonly tos_uri?: string
}

/**
 * Registers a client that nobody has to sign in for. Sent once: a client whose registration was lost cannot be removed.
 * Telnyx allows about five an hour.
 *
 * @see RFC 7591
 */
export async function registerOAuthClient(
  api: TelnyxApi,
  input: ClientRegistrationInput,
  options?: RequestOptions,
): Promise<ClientRegistration> {
  assertFields(input, {
    redirect_uris: listOf(uri),
    client_name: text,
    grant_types: grantTypes,
    response_types: listOf(text),
    scope: text,
    token_endpoint_auth_method: authMethod,
    logo_uri: uri,
    policy_uri: uri,
    tos_uri: uri,
  })
  return internals(api).send(
    {
      path: 'oauth/register',
      init: json('POST', input),
      isPublic: true,
      replay: 'never',
      read: having<ClientRegistration>('client_id', text),
    },
    options,
  )
}
