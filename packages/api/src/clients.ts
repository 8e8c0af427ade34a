import { document, enveloped } from './answers.ts'
import { internals, type TelnyxApi } from './api.ts'
import { json } from './bodies.ts'
import { type GrantType, grantTypes } from './grant-type.ts'
import type { RequestOptions } from './options.ts'
import { type PagedList, type PageQuery, paged } from './pages.ts'
import { assertFields, flag, listOf, oneOf, pathOf, type Rule, text, uri } from './validation.ts'

/** An app that may ask Telnyx users for access to their accounts. */
export interface OAuthClient {
  readonly record_type: 'oauth_client'
  readonly client_id: string
  readonly name: string
  /** The organization that owns the client. */
  readonly org_id: string
  /** The user who created the client. */
  readonly user_id: string
  /** A browser or mobile app is public: it can keep no secret. */
  readonly client_type: 'public' | 'confidential'
  /** Whether authorization requests without PKCE are refused. */
  readonly require_pkce: boolean
  /** ISO 8601 */
  readonly created_at: string
  /** ISO 8601 */
  readonly updated_at: string
  /** Of confidential clients, and only in the answer that creates it. */
  readonly client_secret?: string | null
  readonly allowed_grant_types?: readonly GrantType[]
  readonly allowed_scopes?: readonly string[]
  readonly redirect_uris?: readonly string[]
  readonly logo_uri?: string | null
  readonly policy_uri?: string | null
  readonly tos_uri?: string | null
}

export interface OAuthClientCreateInput {
  readonly name: string
  readonly client_type: 'public' | 'confidential'
  /** Without `refresh_token` the client gets none. */
  readonly allowed_grant_types: readonly GrantType[]
  /** Any of `scopes_supported` of the authorization server metadata. */
  readonly allowed_scopes: readonly string[]
  /**
   * Absolute URIs, needed for the `authorization_code` grant.
   * @default []
   */
  readonly redirect_uris?: readonly string[] | undefined
  /** @default false */
  readonly require_pkce?: boolean | undefined
  readonly logo_uri?: string | undefined
  readonly policy_uri?: string | undefined
  readonly tos_uri?: string | undefined
}

/** What is left out stays as it is. The type of a client cannot be changed. */
export type OAuthClientUpdateInput = {
  readonly [Field in keyof Omit<OAuthClientCreateInput, 'client_type'>]?:
    | OAuthClientCreateInput[Field]
    | undefined
}

export interface OAuthClientListQuery extends PageQuery {
  readonly 'filter[client_type]'?: 'confidential' | 'public' | undefined
  readonly 'filter[verified]'?: boolean | undefined
  /** Clients that may use this grant type, perhaps among others. */
  readonly 'filter[allowed_grant_types][contains]'?: GrantType | undefined
  /** The exact name. */
  readonly 'filter[name]'?: string | undefined
  /** A part of the name. */
  readonly 'filter[name][contains]'?: string | undefined
  readonly 'filter[client_id]'?: string | undefined
}

const PATH = 'oauth_clients'

const updateRules = {
  name: text,
  allowed_grant_types: grantTypes,
  allowed_scopes: /* @__PURE__ */ listOf(text),
  redirect_uris: /* @__PURE__ */ listOf(uri),
  require_pkce: flag,
  logo_uri: uri,
  policy_uri: uri,
  tos_uri: uri,
}

const clientType: Rule = /* @__PURE__ */ oneOf('public', 'confidential')

/** The caller's OAuth clients. */
export function listOAuthClients(
  api: TelnyxApi,
  query: OAuthClientListQuery = {},
  options?: RequestOptions,
): PagedList<OAuthClient> {
  return paged(api, PATH, query, options)
}

/** Not sent again after a network failure or a 5xx, when it may have been created already. */
export async function createOAuthClient(
  api: TelnyxApi,
  input: OAuthClientCreateInput,
  options?: RequestOptions,
): Promise<OAuthClient> {
  assertFields(input, { ...updateRules, client_type: clientType }, [
    'name',
    'client_type',
    'allowed_grant_types',
    'allowed_scopes',
  ])
  return internals(api).send(
    { path: PATH, init: json('POST', input), replay: 'refused', read: enveloped<OAuthClient> },
    options,
  )
}

export async function getOAuthClient(
  api: TelnyxApi,
  clientId: string,
  options?: RequestOptions,
): Promise<OAuthClient> {
  return internals(api).send(
    { path: pathOf(PATH, 'clientId', clientId), read: enveloped<OAuthClient> },
    options,
  )
}

export async function updateOAuthClient(
  api: TelnyxApi,
  clientId: string,
  input: OAuthClientUpdateInput,
  options?: RequestOptions,
): Promise<OAuthClient> {
  assertFields(input, updateRules)
  return internals(api).send(
    { path: pathOf(PATH, 'clientId', clientId), init: json('PUT', input), read: enveloped<OAuthClient> },
    options,
  )
}

/** Resolves also where the client is gone after an attempt whose response was lost. */
export async function deleteOAuthClient(
  api: TelnyxApi,
  clientId: string,
  options?: RequestOptions,
): Promise<void> {
  await internals(api).send(
    {
      path: pathOf(PATH, 'clientId', clientId),
      init: { method: 'DELETE' },
      // A page of a portal in between has deleted nothing.
      read: (body, text) => !text || !!document(body),
    },
    options,
  )
}
