import { randomBytes } from 'node:crypto'
import type { EmulatorAccount } from '../options/accounts.ts'

export type GrantType = 'authorization_code' | 'client_credentials' | 'refresh_token'

/** An OAuth client that exists when the emulator starts. */
export interface ClientSeed {
  readonly clientId: string
  readonly name: string
  /** @default 'public', or 'confidential' when there is a secret */
  readonly type?: 'public' | 'confidential'
  /** Secret of a confidential client. @default a random one */
  readonly clientSecret?: string
  /** @default [] */
  readonly redirectUris?: readonly string[]
  /** Where the browser may be sent after a sign-out. @default [] */
  readonly postLogoutRedirectUris?: readonly string[]
  /** Scopes it may ask for. @default all */
  readonly scopes?: readonly string[]
  /** @default authorization_code and refresh_token; for confidential clients client_credentials too */
  readonly grantTypes?: readonly GrantType[]
  /** Whether PKCE is demanded of a confidential client; public ones always need it. @default false */
  readonly requirePkce?: boolean
  readonly logoUri?: string
  readonly policyUri?: string
  readonly tosUri?: string
  /** Shown as a verified app on the consent page. @default true */
  readonly verified?: boolean
  /** Id of the account it belongs to. @default the first account */
  readonly ownerId?: string
}

/** A client as the emulator keeps it: the members of the wire's OAuthClient, and four that never leave. */
export interface ClientRecord {
  readonly client_id: string
  readonly name: string
  readonly org_id: string
  readonly user_id: string
  readonly client_type: 'public' | 'confidential'
  readonly client_secret: string | null
  readonly allowed_grant_types: readonly GrantType[]
  /** Undefined: whatever the server offers. */
  readonly allowed_scopes: readonly string[] | undefined
  readonly redirect_uris: readonly string[]
  readonly require_pkce: boolean
  readonly logo_uri: string | null
  readonly policy_uri: string | null
  readonly tos_uri: string | null
  readonly created_at: string
  readonly updated_at: string
  readonly verified: boolean
  readonly post_logout_redirect_uris: readonly string[]
  /** Registered without an account, so in nobody's list. */
  readonly anonymous: boolean
}

/** The client that exists when the option `clients` is left out. */
export const DEFAULT_CLIENTS: readonly ClientSeed[] = [
  {
    clientId: 'telnyx-demo',
    name: 'Telnyx OAuth console',
    redirectUris: ['http://localhost:5173/callback', 'http://127.0.0.1:5173/callback'],
    postLogoutRedirectUris: ['http://localhost:5173/', 'http://127.0.0.1:5173/'],
  },
]

/** A client id of the shape the live service gives out: 22 characters of base64url. */
export function newClientId(): string {
  return randomBytes(16).toString('base64url')
}

export function newClientSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** Turns a seed into the record it stands for. */
export function recordOfSeed(seed: ClientSeed, owner: EmulatorAccount, nowMs: number): ClientRecord {
  const type = seed.type ?? (seed.clientSecret === undefined ? 'public' : 'confidential')
  const at = new Date(nowMs).toISOString()
  const grants: readonly GrantType[] = ['authorization_code', 'refresh_token']
  return {
    client_id: seed.clientId,
    name: seed.name,
    org_id: owner.organizationId,
    user_id: owner.id,
    client_type: type,
    client_secret: type === 'confidential' ? (seed.clientSecret ?? newClientSecret()) : null,
    allowed_grant_types:
      seed.grantTypes ?? (type === 'confidential' ? [...grants, 'client_credentials'] : grants),
    allowed_scopes: seed.scopes,
    redirect_uris: seed.redirectUris ?? [],
    post_logout_redirect_uris: seed.postLogoutRedirectUris ?? [],
    require_pkce: seed.requirePkce ?? type === 'public',
    logo_uri: seed.logoUri ?? null,
    policy_uri: seed.policyUri ?? null,
    tos_uri: seed.tosUri ?? null,
    created_at: at,
    updated_at: at,
    verified: seed.verified ?? true,
    anonymous: false,
  }
}
