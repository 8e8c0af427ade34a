import { enveloped } from './answers.ts'
import { internals, type TelnyxApi } from './api.ts'
import type { RequestOptions } from './options.ts'
import { type PagedList, type PageQuery, paged } from './pages.ts'
import { pathOf } from './validation.ts'

/** What a user has allowed a client to do. */
export interface OAuthGrant {
  /** UUID */
  readonly id: string
  readonly record_type: 'oauth_grant'
  readonly client_id: string
  readonly scopes: readonly string[]
  /** ISO 8601 */
  readonly created_at: string
  /** ISO 8601; `null` or missing if never */
  readonly last_used_at?: string | null
}

export interface OAuthGrantListQuery extends PageQuery {}

const PATH = 'oauth_grants'

/** The caller's grants. */
export function listOAuthGrants(
  api: TelnyxApi,
  query: OAuthGrantListQuery = {},
  options?: RequestOptions,
): PagedList<OAuthGrant> {
  return paged(api, PATH, query, options)
}

export async function getOAuthGrant(
  api: TelnyxApi,
  grantId: string,
  options?: RequestOptions,
): Promise<OAuthGrant> {
  return internals(api).send({ path: pathOf(PATH, 'grantId', grantId), read: enveloped<OAuthGrant> }, options)
}

/**
 * Ends the client's access for good. Resolves with the grant that was; with `undefined` where the grant is gone after an
 * attempt whose response was lost.
 */
export async function revokeOAuthGrant(
  api: TelnyxApi,
  grantId: string,
  options?: RequestOptions,
): Promise<OAuthGrant | undefined> {
  return internals(api).send<OAuthGrant | undefined>(
    { path: pathOf(PATH, 'grantId', grantId), init: { method: 'DELETE' }, read: enveloped<OAuthGrant> },
    options,
  )
}
