import { ENDPOINT_NAMES } from '../endpoints.ts'
import { type ClientSeed, DEFAULT_CLIENTS } from '../store/client-record.ts'
import {
  account,
  clientSchema,
  hostName,
  httpUrl,
  isHttpUrl,
  isOrigin,
  origin,
  rateLimit,
  resources,
  scopes,
  seconds,
  secondsOrNone,
  seedSchema,
} from './member-rules.ts'
import type {
  ConsentPageOptions,
  ControlAccess,
  CorsOptions,
  EmulatorOptions,
  OpenIdOptions,
} from './options.ts'
import { REFUSAL_NAMES, type RefusalName, type RefusalResponse } from './refusals.ts'
import {
  array,
  check,
  distinct,
  eitherOr,
  flag,
  flagOr,
  headers,
  integer,
  json,
  jsonRecord,
  type Members,
  nonEmpty,
  object,
  oneOf,
  optional,
  partial,
  rule,
  status,
  strings,
  text,
  withFlags,
} from './schema.ts'

type RateLimitOptions = Exclude<NonNullable<EmulatorOptions['rateLimits']>, false>

/**
 * The clients, of which the demo client has these redirect URIs. The start pages of the same origins take the browser
 * back after a sign-out.
 */
function withRedirectUris(redirectUris: readonly string[], previous: unknown): readonly object[] {
  const others = (Array.isArray(previous) ? previous : []) as readonly ClientSeed[]
  const starts = redirectUris.filter(isHttpUrl).map((each) => new URL('/', each).href)
  const changes = { redirectUris, postLogoutRedirectUris: [...new Set(starts)] }
  const [demo] = DEFAULT_CLIENTS
  return others.some(({ clientId }) => clientId === demo?.clientId)
    ? others.map((each) => (each.clientId === demo?.clientId ? { ...each, ...changes } : each))
    : [{ ...demo, ...changes }, ...others]
}

/** Every option: its schema, and the flags of the command that set it. */
export const OPTIONS: Members<EmulatorOptions> = {
  host: withFlags(text, { usage: '--host <address>', help: 'address to listen on (default: 127.0.0.1)' }),
  port: withFlags(integer('must be an integer from 0 to 65535', 0, 65_535), {
    usage: '--port <number>',
    help: 'port to listen on; 0 for any (default: 4010)',
  }),
  publicHost: withFlags(hostName, {
    usage: '--public-host <name>',
    help: 'host name in the issuer (default: localhost)',
  }),
  issuer: withFlags(rule('must be an http(s) URL without a path, query or trailing slash', isOrigin), {
    usage: '--issuer <url>',
    help: 'issuer, when the emulator is behind a proxy',
  }),
  profile: withFlags(oneOf('live', 'spec'), {
    usage: '--profile <live|spec>',
    help: 'which picture of Telnyx to paint (default: live)',
  }),
  accounts: distinct(
    nonEmpty(account, 'must name at least one person'),
    ({ id }) => id,
    'must name no id twice',
  ),
  clients: withFlags(
    distinct(array(clientSchema), ({ clientId }) => clientId, 'must name no clientId twice'),
    {
      usage: '--redirect-uri <uri...>',
      help: 'redirect URIs of the client telnyx-demo',
      read: withRedirectUris,
    },
  ),
  seed: withFlags(
    seedSchema,
    {
      usage: '--seed-clients <count>',
      help: 'make up OAuth clients for the first account',
      read: ([clients], seed) => ({ ...Object(seed), clients: Number(clients) }),
    },
    {
      usage: '--seed-grants <count>',
      help: 'make up grants for the first account',
      read: ([grants], seed) => ({ ...Object(seed), grants: Number(grants) }),
    },
  ),
  stateFile: withFlags(text, {
    usage: '--state-file <file>',
    help: 'keep clients, grants and tokens between starts',
  }),
  scopes,
  accessTokenLifetimeSeconds: withFlags(secondsOrNone, {
    usage: '--access-token-lifetime <seconds>',
    help: 'lifetime of access tokens (default: 1800)',
  }),
  refreshTokenLifetimeSeconds: withFlags(seconds, {
    usage: '--refresh-token-lifetime <seconds>',
    help: 'lifetime of refresh tokens (default: 30 days)',
  }),
  codeLifetimeSeconds: seconds,
  consentLifetimeSeconds: seconds,
  rotateRefreshTokens: withFlags(flag, {
    usage: '--no-rotation',
    help: 'keep refresh tokens when they are used',
  }),
  refreshGracePeriodSeconds: withFlags(secondsOrNone, {
    usage: '--refresh-grace-period <seconds>',
    help: 'how long a replaced refresh token works (default: 0)',
  }),
  refreshTokenRefusal: eitherOr<RefusalName, RefusalResponse>(
    (value) => REFUSAL_NAMES.includes(String(value)),
    object<RefusalResponse>({ status, headers: optional(headers), body: optional(json) }),
    `must be ${REFUSAL_NAMES.join(', ')} or an object with a status`,
  ),
  accessTokenFormat: withFlags(oneOf('opaque', 'jwt'), {
    usage: '--access-token-format <opaque|jwt>',
    help: 'form of access tokens (default: opaque)',
  }),
  revokeAccessTokensWithGrant: flag,
  openId: withFlags(
    flagOr(
      partial<OpenIdOptions>({
        idTokenAlgorithm: oneOf('ES256', 'RS256', 'PS256', 'EdDSA'),
        listAlgorithm: flag,
        idTokenLifetimeSeconds: seconds,
        requireNonce: flag,
      }),
    ),
    { usage: '--openid', help: 'offer OpenID Connect: discovery and ID tokens' },
  ),
  metadataDocuments: array(oneOf('oauth-authorization-server', 'openid-configuration')),
  issRedirectParameter: withFlags(flag, { usage: '--iss', help: 'send iss on redirects (RFC 9207)' }),
  dpop: withFlags(
    flagOr(object<{ readonly requireNonce: boolean }>({ requireNonce: flag })),
    { usage: '--dpop', help: 'accept DPoP proofs (RFC 9449)' },
    {
      usage: '--dpop-nonce',
      help: 'accept DPoP proofs and insist on a nonce',
      read: () => ({ requireNonce: true }),
    },
  ),
  revocation: withFlags(flag, { usage: '--revocation', help: 'offer token revocation (RFC 7009)' }),
  par: withFlags(flagOr(object<{ readonly required: boolean }>({ required: flag })), {
    usage: '--par',
    help: 'offer pushed authorization requests (RFC 9126)',
  }),
  endSession: withFlags(flag, { usage: '--end-session', help: 'offer RP-initiated logout' }),
  resources,
  redirectUriMatching: oneOf('loopback', 'exact'),
  rememberSignIn: withFlags(flag, { usage: '--remember-sign-in', help: 'make the next sign-in silent' }),
  consentUrl: withFlags(
    eitherOr<string, ConsentPageOptions>(
      isHttpUrl,
      object<ConsentPageOptions>({ url: httpUrl, except: optional(strings) }),
      'must be an absolute http(s) URL, or an object with such a url',
    ),
    {
      usage: '--consent-url <url>',
      help: 'page to send people to instead of the built-in one',
      read: ([url], previous) => (typeof previous === 'object' ? { ...previous, url } : url),
    },
  ),
  cors: withFlags(
    flagOr(
      partial<CorsOptions>({
        origins: rule(
          'must be "any" or an array of origins',
          (value) => value === 'any' || (Array.isArray(value) && value.every(isOrigin)),
        ),
        except: array(oneOf(...ENDPOINT_NAMES)),
        exposeHeaders: strings,
      }),
    ),
    { usage: '--no-cors', help: 'send no CORS headers' },
  ),
  controlAccess: partial<ControlAccess>({
    hosts: array(hostName),
    origins: array(origin),
  }),
  metadata: jsonRecord,
  errorStyle: oneOf('v2', 'oauth'),
  insufficientScopeStatus: oneOf(401, 403),
  rateLimits: withFlags(
    eitherOr(
      (value) => value === false,
      partial<RateLimitOptions>({ introspect: rateLimit, register: rateLimit }),
      'must be false or an object',
    ),
    { usage: '--no-rate-limits', help: 'answer any number of requests' },
  ),
}

const OPTIONS_SCHEMA = partial(OPTIONS)

/** Names of all the options. */
export const OPTION_NAMES: readonly string[] = Object.keys(OPTIONS)

/** @throws {TypeError} naming the flag of the command, and the rule that its value breaks */
export function assertFlag(name: string, value: unknown, flag: string, caller: string): void {
  check(OPTIONS_SCHEMA, { [name]: value }, caller, () => flag)
}

/**
 * @param caller the function or file that the options come from
 * @throws {TypeError} naming each option that is wrong and the rule it breaks
 */
export function assertOptions(
  options: unknown,
  caller = 'createEmulator',
): asserts options is EmulatorOptions {
  check(OPTIONS_SCHEMA, options, caller, (path) => (path === '' ? 'the options' : `the option "${path}"`))
}
