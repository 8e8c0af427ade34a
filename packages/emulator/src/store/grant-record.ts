/** What the emulator knows about a grant besides what oidc-provider keeps. */
export interface GrantRecord {
  readonly accountId: string
  readonly clientId: string
  readonly createdAtMs: number
  readonly scopes: readonly string[]
  readonly lastUsedAtMs: number | undefined
  /** How and when the person authenticated, for step-up. */
  readonly acr: string | undefined
  readonly authenticatedAtMs: number
}

/** A grant, as `Emulator.grants` lists it. */
export interface GrantSummary {
  readonly id: string
  readonly accountId: string
  readonly clientId: string
  readonly scopes: readonly string[]
}
