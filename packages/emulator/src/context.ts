import type { Provider } from 'oidc-provider'
import type { EmulatorState } from './emulator-state.ts'
import type { ProviderLibrary } from './oauth/provider-library.ts'
import type { ResolvedOptions } from './options/resolve-options.ts'
import type { AccessTokens } from './tokens/access-tokens.ts'
import type { DpopProofs } from './tokens/dpop-proof.ts'
import type { SigningKeys } from './tokens/keys.ts'

/** What a running emulator is made of. */
export interface EmulatorContext extends EmulatorState {
  readonly options: ResolvedOptions
  /** No trailing slash. */
  readonly issuer: string
  readonly keys: SigningKeys
  readonly tokens: AccessTokens
  readonly library: ProviderLibrary
}

/** A context whose oidc-provider has been made. */
export interface ServingContext extends EmulatorContext {
  readonly provider: Provider
  readonly dpopProofs: DpopProofs
}

/** The path in front of every endpoint: '' unless the emulator is served on a path of an app's origin. */
export function basePathOf({ issuer }: EmulatorContext): string {
  return new URL(issuer).pathname.replace(/\/$/, '')
}

/** Clients of Telnyx itself name the MCP server like this, whatever the issuer. */
export const TELNYX_MCP = 'https://api.telnyx.com/v2/mcp'

/** Identifiers of the resources that tokens may be meant for; the first one is the default. */
export function resourcesOf(context: EmulatorContext): readonly string[] {
  const { issuer } = context
  return [issuer, `${issuer}/`, `${issuer}/v2`, `${issuer}/v2/mcp`, TELNYX_MCP, ...ownResources(context)]
}

/** The resources that the options name; a path is one of the emulator's own. */
export function ownResources({ issuer, options }: EmulatorContext): readonly string[] {
  return options.resources.map((resource) => (resource.startsWith('/') ? `${issuer}${resource}` : resource))
}
