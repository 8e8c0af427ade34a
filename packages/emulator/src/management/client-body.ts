import type { EmulatorAccount } from '../options/accounts.ts'
import { type ClientRecord, type GrantType, newClientId, newClientSecret } from '../store/client-record.ts'

/** Body of `POST /oauth_clients`, checked. */
export interface ClientBody {
  readonly name: string
  readonly allowed_scopes: readonly string[]
  readonly allowed_grant_types: readonly GrantType[]
  readonly client_type: 'public' | 'confidential'
  readonly redirect_uris?: readonly string[]
  readonly require_pkce?: boolean
  readonly logo_uri?: string
  readonly policy_uri?: string
  readonly tos_uri?: string
}

export function clientOfBody(body: ClientBody, owner: EmulatorAccount, nowMs: number): ClientRecord {
  const at = new Date(nowMs).toISOString()
  return {
    client_id: newClientId(),
    name: body.name,
    org_id: owner.organizationId,
    user_id: owner.id,
    client_type: body.client_type,
    client_secret: body.client_type === 'confidential' ? newClientSecret() : null,
    allowed_grant_types: body.allowed_grant_types,
    allowed_scopes: body.allowed_scopes,
    redirect_uris: body.redirect_uris ?? [],
    require_pkce: body.require_pkce ?? false,
    logo_uri: body.logo_uri ?? null,
    policy_uri: body.policy_uri ?? null,
    tos_uri: body.tos_uri ?? null,
    created_at: at,
    updated_at: at,
    verified: false,
    anonymous: false,
    post_logout_redirect_uris: [],
  }
}

/** What is left out stays as it was (contract, section 2.8: nothing is required). */
export function applyClientChange(
  record: ClientRecord,
  body: Partial<ClientBody>,
  nowMs: number,
): ClientRecord {
  // `updated_at` moves even when the clock does not.
  const updatedAtMs = Math.max(nowMs, Date.parse(record.updated_at) + 1)
  return {
    ...record,
    ...body,
    client_type: record.client_type,
    updated_at: new Date(updatedAtMs).toISOString(),
  }
}

/** The client as the wire shows it. The secret is shown once, in the answer that creates it. */
export function shownClient(
  record: ClientRecord,
  offeredScopes: readonly string[],
  { withSecret = false }: { readonly withSecret?: boolean } = {},
): Readonly<Record<string, unknown>> {
  const {
    verified: _,
    anonymous: __,
    post_logout_redirect_uris: ___,
    client_secret: secret,
    ...shown
  } = record
  return {
    record_type: 'oauth_client',
    ...shown,
    client_secret: withSecret ? secret : null,
    allowed_scopes: record.allowed_scopes ?? offeredScopes,
  }
}
