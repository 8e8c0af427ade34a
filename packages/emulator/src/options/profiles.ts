import { LIVE_SCOPES } from './scopes.ts'

/** `live`: as the service was last observed. `spec`: as the published OpenAPI document says. */
export type ProfileName = 'live' | 'spec'

/** How many requests are answered in a sliding window. */
export interface RateLimit {
  readonly limit: number
  readonly windowSeconds: number
}

/** What distinguishes one profile from the other. */
export interface Profile {
  readonly scopes: readonly string[]
  readonly codeChallengeMethods: readonly ('S256' | 'plain')[]
  /** Body of management errors whose status the contract declares; undeclared ones always use the v2 envelope. */
  readonly errorStyle: 'v2' | 'oauth'
  /** Scope a bearer token needs to read, and to change, OAuth clients and grants. */
  readonly managementScopes: { readonly read: string; readonly write: string }
  /** Scopes that a token needs for the pieces of the Telnyx API. The contract does not name them. */
  readonly resourceScopes: {
    readonly balance: string
    readonly phoneNumbers: string
    readonly readCredentials: string
    readonly createLoginToken: string
  }
  readonly rateLimits: {
    readonly introspect: RateLimit | undefined
    readonly register: RateLimit | undefined
  }
}

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  live: {
    scopes: LIVE_SCOPES,
    codeChallengeMethods: ['S256'],
    errorStyle: 'v2',
    managementScopes: { read: 'authentication_and_access.read', write: 'account_management.write' },
    resourceScopes: {
      balance: 'billing.read',
      phoneNumbers: 'numbers.read',
      readCredentials: 'voice.read',
      createLoginToken: 'voice.write',
    },
    rateLimits: {
      introspect: { limit: 5, windowSeconds: 60 },
      register: { limit: 5, windowSeconds: 3600 },
    },
  },
  spec: {
    scopes: ['admin'],
    codeChallengeMethods: ['plain', 'S256'],
    errorStyle: 'oauth',
    managementScopes: { read: 'admin', write: 'admin' },
    resourceScopes: {
      balance: 'admin',
      phoneNumbers: 'admin',
      readCredentials: 'admin',
      createLoginToken: 'admin',
    },
    rateLimits: { introspect: undefined, register: undefined },
  },
}
