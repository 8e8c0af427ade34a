import { obtainClient } from './flows/obtain-client.ts'
import { scopesFrom } from './model/tokens.ts'
import { checkOption, type TelnyxAuthOptions } from './options.ts'
import { browserPorts } from './ports/browser.ts'
import type { RegisteredClient } from './registered-client.ts'

export type { RegisteredClient } from './registered-client.ts'

/** What {@link registerClient} takes. One is required. */
export interface RegisterOptions
  extends Pick<TelnyxAuthOptions, 'redirectUri' | 'scope' | 'issuer' | 'metadata' | 'storage' | 'fetch'> {
  /** What people see where they allow or deny. @default what the server makes up */
  readonly clientName?: string
  /** Address of a picture that they see there. @default none */
  readonly logoUri?: string
  /** Address of the app's privacy policy. @default none */
  readonly policyUri?: string
  /** Address of the app's terms of service. @default none */
  readonly tosUri?: string
  /** How long the registration may take, in milliseconds. @default 10000 */
  readonly timeoutMs?: number
}

/** Whose rule each option follows. */
const rules: Readonly<Record<keyof RegisterOptions, keyof TelnyxAuthOptions>> = {
  redirectUri: 'redirectUri',
  scope: 'scope',
  issuer: 'issuer',
  metadata: 'metadata',
  storage: 'storage',
  fetch: 'fetch',
  clientName: 'clientId',
  logoUri: 'resource',
  policyUri: 'resource',
  tosUri: 'resource',
  timeoutMs: 'requestTimeoutMs',
}

/**
 * A public client for this browser, registered at the server the first time, and kept: one per issuer and redirect URI,
 * shared by all tabs. Registers anew only when the app asks for a scope that was not asked for then. Asks for a client
 * without a secret, and takes no other.
 *
 * @throws {TypeError} an option is missing or wrong
 * @throws {TelnyxAuthError} `registration_refused`: see `server`; `registration_unusable`: the answer has a secret,
 *   another redirect URI or another method; `metadata_invalid`: the server registers nobody, or its metadata are wrong;
 *   `metadata_unavailable`, `network_error`, `server_unavailable` (with `retryAfterMs` where the server said so),
 *   `response_invalid`, `storage_failed`, `newer_version`, `insecure_context`
 * @see RFC 7591
 */
export async function registerClient(options: RegisterOptions): Promise<RegisteredClient> {
  for (const name of Object.keys(rules) as (keyof RegisterOptions)[]) {
    const value = options?.[name]
    if (value === undefined && name !== 'redirectUri') continue
    // There may be several resources, but one picture.
    const one = rules[name] === 'resource' && Array.isArray(value) ? [value] : value
    checkOption('registerClient', rules[name], one, name)
  }
  const {
    redirectUri,
    issuer = 'https://api.telnyx.com',
    metadata = {},
    storage = 'indexeddb',
    timeoutMs = 10_000,
  } = options
  const nothing = () => {}
  const ports = browserPorts(storage, '', nothing, nothing)
  const context = {
    ...ports,
    storage: ports.transactions,
    transport: { clientId: '', fetch: options.fetch ?? ports.fetch },
    options: {
      issuer,
      allowedIssuers: undefined,
      metadata,
      resource: undefined,
      metadataLifetimeMs: 3_600_000,
      requestTimeoutMs: timeoutMs,
    },
    state: { metadata: { cached: new Map(), pending: new Map() } },
    timeoutMs,
    request: {
      scopes: scopesFrom(options.scope),
      clientName: options.clientName,
      logoUri: options.logoUri,
      policyUri: options.policyUri,
      tosUri: options.tosUri,
    },
  }
  return obtainClient(context, redirectUri)
}
