import { defaultIssuer } from './model/issuers.ts'
import { scopesFrom } from './model/tokens.ts'
import { isSecureUrl, parseUrl } from './model/urls.ts'
import type { WorkerReport } from './ports/refresh-worker-client.ts'
import type { StoragePort } from './ports/storage.ts'

/** Options of {@link createTelnyxAuth}. Two are required. */
export interface TelnyxAuthOptions {
  /** The public client's id, as registered with Telnyx. */
  readonly clientId: string
  /**
   * The registered redirect URI (RFC 6749 section 3.1.2): absolute, or a path that is resolved against the
   * page's origin. Production apps use the absolute form. A native app may have a private-use scheme in reverse-domain
   * form, `com.example.app:/callback` (RFC 8252 section 7.1): then every sign-in needs `openUrl`.
   */
  readonly redirectUri: string
  /** Scopes to ask for. Nothing is asked for that is not named here. @default none */
  readonly scope?: string | readonly string[]
  /**
   * Parameters that every authorization request has beside those of the protocol, e.g. `{ audience: '…' }`. A sign-in
   * refuses `response_type`, `response_mode`, `client_id`, `redirect_uri`, `scope`, `state`, `resource`, `dpop_jkt`,
   * `code_challenge`, `code_challenge_method`, `request` and `request_uri`.
   * @default {}
   * @see RFC 6749 section 8.2
   */
  readonly authorizationParameters?: Readonly<Record<string, string>>
  /** Issuer identifier of the authorization server (RFC 8414 section 2). @default 'https://api.telnyx.com' */
  readonly issuer?: string
  /**
   * Resource the token is for (RFC 8707). When given without `issuer`, the server is found through the
   * resource's own metadata (RFC 9728). Of several, the session's own token is for the first;
   * `getAccessToken({ resource })` gets one for each other. @default none
   */
  readonly resource?: string | readonly string[]
  /**
   * The authorization servers that the resource may name, in case the server is found through it: nothing is sent to
   * any other. @default the Telnyx API and the origin of the `resource`
   */
  readonly allowedIssuers?: readonly string[]
  /**
   * Values that replace members of the server's metadata, e.g. a same-origin proxy as `token_endpoint`.
   * @default {}
   */
  readonly metadata?: Readonly<Record<string, unknown>>
  /**
   * URLs that `fetch` may send the token to: an origin, or an origin with a path that covers everything below
   * it. https, or http on loopback. @default each `resource`, else the `issuer`
   */
  readonly allowedUrls?: readonly string[]
  /**
   * The place where the session is kept. `'indexeddb'` lasts and is shared by all tabs; `'session-storage'` belongs to one tab;
   * `'memory'` ends with the page. @default 'indexeddb'
   */
  readonly storage?: 'indexeddb' | 'session-storage' | 'memory' | StoragePort
  /** Tells several sessions with one client id on one origin apart. @default '' */
  readonly sessionName?: string
  /**
   * The start page of the app, a path: a user goes there when the start of a sign-in is not known. Its folder is the base
   * of the app, `/app` for `'/app/'`: `navigate` receives paths without it, as a router with that `basename` or `basePath`
   * expects, and no user returns to a path outside of it.
   * @default the folder of the redirect URI, `/` for a private-use scheme; the base is that of the origin then
   */
  readonly homePath?: string
  /**
   * Receives the return path after a sign-in, for a router; without the base of the app that `homePath` tells.
   * @default `history.replaceState` and a `popstate` event
   */
  readonly navigate?: (path: string) => void
  /**
   * Revokes in a server's own way on sign-out, e.g. Telnyx's `DELETE /oauth_grants/{id}`; whether it worked is
   * the answer. @default RFC 7009 where the metadata has a `revocation_endpoint`
   */
  readonly onRevoke?: (tokens: RevocableTokens) => Promise<boolean>
  /** How long callers wait for a token request, in milliseconds. @default 10000 */
  readonly requestTimeoutMs?: number
  /** How long before expiry a visible tab renews the token, in milliseconds; at most half its lifetime. @default 60000 */
  readonly refreshAheadMs?: number
  /**
   * Ends the session that long after the last click or key in any tab, in milliseconds; on restore too. For shared
   * computers. @default Infinity
   */
  readonly idleTimeoutMs?: number
  /** Ends the session that long after the sign-in, in milliseconds; on restore too. @default Infinity */
  readonly maxSessionMs?: number
  /** How long server metadata is used before it is read again, in milliseconds. @default 3600000 */
  readonly metadataLifetimeMs?: number
  /**
   * Whether tokens are bound to a key that cannot leave this browser (RFC 9449), so that a stolen one is worth nothing.
   * Such tokens work through `fetch` of the client alone. `'auto'`: where the server announces ES256 and the storage
   * keeps keys (`'indexeddb'` does); `'required'`: else sign-in rejects with `dpop_unsupported`; `'never'`: bearer
   * tokens. @default 'auto'
   */
  readonly dpop?: 'auto' | 'required' | 'never'
  /**
   * Sends the requests. With `sharedWorkerFetch()` of `@telnyx-oauth/core/shared-worker`, a reload loses no refresh.
   * @default the global `fetch`
   */
  readonly fetch?: typeof globalThis.fetch & Partial<WorkerReport>
}

/** What {@link TelnyxAuthOptions.onRevoke} receives. */
export interface RevocableTokens {
  readonly accessToken: string
  readonly refreshToken?: string
}

/** Options after validation, with every default in its place. */
export interface ResolvedOptions
  extends Required<
    Pick<TelnyxAuthOptions, 'clientId' | 'redirectUri' | 'metadata' | 'sessionName' | 'storage'> &
      Pick<TelnyxAuthOptions, 'authorizationParameters'> &
      Pick<TelnyxAuthOptions, 'requestTimeoutMs' | 'refreshAheadMs' | 'metadataLifetimeMs'> &
      Pick<TelnyxAuthOptions, 'idleTimeoutMs' | 'maxSessionMs' | 'dpop'>
  > {
  readonly scopes: readonly string[]
  /** `undefined`: to be found through `resource`. */
  readonly issuer: string | undefined
  /** What the session's own token is for. */
  readonly resource: string | undefined
  /** Everything that a sign-in asks for: that, and what other tokens may be for. */
  readonly targets: readonly string[]
  readonly allowedUrls: readonly URL[]
  readonly allowedIssuers?: readonly string[] | undefined
  readonly homePath?: string | undefined
  readonly navigate?: TelnyxAuthOptions['navigate'] | undefined
  readonly onRevoke?: TelnyxAuthOptions['onRevoke'] | undefined
  readonly fetch?: TelnyxAuthOptions['fetch'] | undefined
}

type Check = (value: unknown) => boolean

const isString: Check = (value) => typeof value === 'string' && value !== ''
const isFunction: Check = (value) => typeof value === 'function'
const isPositive: Check = (value) => typeof value === 'number' && value > 0
const isSecure: Check = (value) => {
  const url = parseUrl(value)
  return !!url && isSecureUrl(url) && !url.href.includes('#') && !url.username && !url.password
}
const isIssuer: Check = (value) => isSecure(value) && !String(value).includes('?')
/** One slash first, and nothing that URL parsers remove: it cannot name another host. */
const isPath: Check = (value) => typeof value === 'string' && /^\/(?![/\\])\S*$/.test(value)
/** One slash, or a private-use scheme in reverse-domain form (RFC 8252 section 7.1); and nothing that URL parsers remove. */
const isPathOrPrivateUse: Check = (value) =>
  /^(\/(?![/\\])|[a-z][a-z\d+-]*\.[a-z\d+.-]+:\/)[^#\s]*$/i.test(String(value))
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isStorage: Check = (value) =>
  isObject(value)
    ? ['read', 'update', 'close'].every((name) => isFunction(value[name]))
    : ['indexeddb', 'session-storage', 'memory'].includes(String(value))
const isScope: Check = (value) =>
  typeof value === 'string' ||
  (Array.isArray(value) && value.every((item) => isString(item) && !/\s/.test(item)))

const aSecureUrl = 'an absolute https URL, or http on localhost, without fragment or credentials'
const aDuration = 'a positive number of milliseconds'

/** Per option: what it must be, and the check. */
const rules: Readonly<Record<keyof TelnyxAuthOptions, readonly [string, Check]>> = {
  clientId: ['a non-empty string', isString],
  homePath: ['a path that starts with one slash', isPath],
  redirectUri: [
    `a path that starts with one slash, a scheme with a dot, or ${aSecureUrl}`,
    (value) => isSecure(value) || isPathOrPrivateUse(value),
  ],
  scope: ['a string, or an array of strings without spaces', isScope],
  // Its members are looked at by the sign-in: few apps need it.
  authorizationParameters: ['an object', isObject],
  issuer: [`${aSecureUrl}, without a query`, isIssuer],
  allowedIssuers: [
    `an array, each ${aSecureUrl}, without a query`,
    (value) => Array.isArray(value) && value.every(isIssuer),
  ],
  resource: [`${aSecureUrl}; or an array, each like that`, (value) => [value].flat().every(isSecure)],
  metadata: ['an object', isObject],
  allowedUrls: [`an array, each ${aSecureUrl}`, (value) => Array.isArray(value) && value.every(isSecure)],
  storage: ["'indexeddb', 'session-storage', 'memory' or a storage port", isStorage],
  sessionName: ['a string', (value) => typeof value === 'string'],
  navigate: ['a function', isFunction],
  onRevoke: ['a function', isFunction],
  // Timers of browsers overflow.
  requestTimeoutMs: [`${aDuration} below 2 ** 31`, (value) => isPositive(value) && Number(value) < 2 ** 31],
  refreshAheadMs: [aDuration, isPositive],
  metadataLifetimeMs: [aDuration, isPositive],
  idleTimeoutMs: [aDuration, isPositive],
  maxSessionMs: [aDuration, isPositive],
  dpop: ["'auto', 'required' or 'never'", (value) => ['auto', 'required', 'never'].includes(String(value))],
  fetch: ['a function', isFunction],
}

/** `'a'` and `['a']` alike. */
export const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  [value ?? []].flat()

/**
 * @param like the option whose rule it is
 * @throws {TypeError} names the option, the rule and the type it got; never the value
 */
export function checkOption(
  of: string,
  like: keyof TelnyxAuthOptions,
  value: unknown,
  name: string = like,
): void {
  const [rule, isRight] = rules[like]
  if (isRight(value)) return
  throw new TypeError(`${of}: "${name}" must be ${rule}; got ${value === null ? 'null' : typeof value}`)
}

const required = ['clientId', 'redirectUri']

/**
 * Validates once, so that nothing later has to.
 *
 * @throws {TypeError} names the option, the rule and the type it got; never the value
 */
export function resolveOptions(options: TelnyxAuthOptions): ResolvedOptions {
  // An option that is passed on as `undefined` is an option that was not given.
  const given: Record<string, unknown> = Object.fromEntries(
    Object.entries(options ?? {}).filter(([, value]) => value !== undefined),
  )
  for (const name of Object.keys(rules) as (keyof TelnyxAuthOptions)[]) {
    if (name in given || required.includes(name)) checkOption('createTelnyxAuth', name, given[name])
  }
  const targets = listOf(options.resource)
  const [resource] = targets
  const { issuer = resource ? undefined : defaultIssuer } = options
  const { allowedUrls = issuer && !resource ? [issuer] : targets } = options
  const defaults = {
    metadata: {},
    authorizationParameters: {},
    sessionName: '',
    storage: 'indexeddb' as const,
    dpop: 'auto' as const,
    requestTimeoutMs: 10_000,
    refreshAheadMs: 60_000,
    metadataLifetimeMs: 3_600_000,
    idleTimeoutMs: Infinity,
    maxSessionMs: Infinity,
  }
  return {
    ...defaults,
    ...(given as unknown as TelnyxAuthOptions),
    issuer,
    resource,
    targets,
    scopes: scopesFrom(options.scope),
    allowedUrls: allowedUrls.map((url) => new URL(url)),
  }
}
