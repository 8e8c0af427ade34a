import type { StoragePort } from './ports/storage.ts'

/** What {@link createTelnyxAuth} takes. Two are required. */
export interface TelnyxAuthOptions {
  /** The public client's id, as registered with Telnyx. */
  readonly clientId: string
  /**
   * The registered redirect URI (RFC 6749 section 3.1.2): absolute, or a path that is resolved against the
   * page's origin. Production apps use the absolute form.
   */
  readonly redirectUri: string
  /** Scopes to ask for. Nothing is asked for that is not named here. @default none */
  readonly scope?: string | readonly string[]
  /** Issuer identifier of the authorization server (RFC 8414 section 2). @default 'https://api.telnyx.com' */
  readonly issuer?: string
  /**
   * Resource the token is for (RFC 8707). When given without `issuer`, the server is found through the
   * resource's own metadata (RFC 9728). @default none
   */
  readonly resource?: string
  /**
   * Values that replace members of the server's metadata, e.g. a same-origin proxy as `token_endpoint`.
   * @default {}
   */
  readonly metadata?: Readonly<Record<string, unknown>>
  /**
   * URLs that `fetch` may send the token to: an origin, or an origin with a path that covers everything below
   * it. https, or http on loopback. @default the `resource`, else `['https://api.telnyx.com']`
   */
  readonly resources?: readonly string[]
  /**
   * Where the session is kept. `'indexeddb'` lasts and is shared by all tabs; `'session'` belongs to one tab;
   * `'memory'` ends with the page. @default 'indexeddb'
   */
  readonly storage?: 'indexeddb' | 'session' | 'memory' | StoragePort
  /** Tells several sessions with one client id on one origin apart. @default '' */
  readonly name?: string
  /** Receives the return path after a sign-in, for a router. @default `history.replaceState` and a `popstate` event */
  readonly navigate?: (path: string) => void
  /**
   * Revokes in a server's own way on sign-out, e.g. Telnyx's `DELETE /oauth_grants/{id}`; whether it worked is
   * the answer. @default RFC 7009 where the metadata has a `revocation_endpoint`
   */
  readonly onRevoke?: (tokens: RevocableTokens) => Promise<boolean>
  /** How long callers wait for a token request, in milliseconds. @default 10000 */
  readonly refreshTimeoutMs?: number
  /** How long before expiry a visible tab renews the token, in milliseconds; at most half its lifetime. @default 60000 */
  readonly refreshAheadMs?: number
  /** How long server metadata is used before it is read again, in milliseconds. @default 3600000 */
  readonly metadataLifetimeMs?: number
  /** Sends the requests. @default the global `fetch` */
  readonly fetch?: typeof globalThis.fetch
}

/** What {@link TelnyxAuthOptions.onRevoke} receives. */
export interface RevocableTokens {
  readonly accessToken: string
  readonly refreshToken?: string
}
