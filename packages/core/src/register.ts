import { scopesFrom } from './model/tokens.ts'
import { checkOption, type TelnyxAuthOptions } from './options.ts'
import { browserPorts } from './ports/browser.ts'
import { obtainClient, type RegisteredClient } from './registration/obtain-client.ts'

export type { RegisteredClient } from './registration/obtain-client.ts'

/** Options of {@link registerClient}. Only `redirectUri` is required. */
export interface RegisterOptions
  extends Pick<TelnyxAuthOptions, 'redirectUri' | 'scope' | 'issuer' | 'metadata' | 'storage' | 'fetch'> {
  /** The name that the user sees on the consent page. @default the server's choice */
  readonly clientName?: string
  /** URL of a logo that the user sees there. @default none */
  readonly logoUri?: string
  /** URL of the app's privacy policy. @default none */
  readonly policyUri?: string
  /** URL of the app's terms of service. @default none */
  readonly tosUri?: string
  /**
   * The `application_type` (OpenID Connect Dynamic Client Registration section 2): some servers take
   * `http://localhost` as a redirect URI only of a `'native'` client.
   *
   * @default not sent, which servers read as `'web'`
   */
  readonly applicationType?: 'web' | 'native'
  /** The limit of the registration request, in milliseconds. @default 10000 */
  readonly timeoutMs?: number
}

/** The option of `createTelnyxAuth` whose rule each option follows. */
const rules: Readonly<Record<Exclude<keyof RegisterOptions, 'applicationType'>, keyof TelnyxAuthOptions>> = {
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
 * Gives a public client for this browser: registered at the server the first time, then stored, one per issuer and
 * redirect URI, shared by all tabs. A scope that no stored client was registered for leads to a new registration, which
 * asks for the scopes of the stored clients too; at most one a minute. A response with a client secret is refused.
 *
 * @throws {TypeError} an option is missing or wrong
 * @throws {TelnyxAuthError} `registration_refused`: see `server`; `registration_unusable`: the response has a secret,
 *   another redirect URI or another method; `metadata_invalid`: the metadata are wrong or name no registration
 *   endpoint; `metadata_unavailable`, `network_error`, `server_unavailable` (with `retryAfterMs` if it is known),
 *   `response_invalid`, `storage_failed`, `newer_version`, `insecure_context`
 * @see RFC 7591
 */
export async function registerClient(options: RegisterOptions): Promise<RegisteredClient> {
  for (const name of Object.keys(rules) as (keyof typeof rules)[]) {
    const value = options?.[name]
    if (value === undefined && name !== 'redirectUri') continue
    // `resource` may be a list, a URL of the client metadata may not.
    const single = rules[name] === 'resource' && Array.isArray(value) ? [value] : value
    checkOption('registerClient', rules[name], single, name)
  }
  if (![undefined, 'web', 'native'].includes(options.applicationType))
    throw new TypeError(`registerClient: "applicationType" must be 'web' or 'native'`)
  const {
    redirectUri,
    issuer = 'https://api.telnyx.com',
    metadata = {},
    storage = 'indexeddb',
    timeoutMs = 10_000,
  } = options
  const ignore = () => {}
  const ports = browserPorts(storage, '', ignore, ignore)
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
      applicationType: options.applicationType,
      clientName: options.clientName,
      logoUri: options.logoUri,
      policyUri: options.policyUri,
      tosUri: options.tosUri,
    },
  }
  return obtainClient(context, redirectUri)
}
