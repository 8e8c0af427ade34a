import { ENDPOINT_NAMES } from '../endpoints.ts'
import type { ClientSeed } from '../store/client-record.ts'
import type { EmulatorAccount } from './accounts.ts'
import type {
  ConsentPageOptions,
  ControlAccess,
  CorsOptions,
  EmulatorOptions,
  OpenIdOptions,
  SeedOptions,
} from './options.ts'
import type { RateLimit } from './profiles.ts'
import { REFUSAL_NAMES, type RefusalName, type RefusalResponse } from './refusals.ts'
import {
  anything,
  array,
  check,
  eitherOr,
  flag,
  flagOr,
  headers,
  integer,
  type Members,
  nonEmpty,
  object,
  oneOf,
  optional,
  partial,
  record,
  rule,
  type Schema,
  status,
  strings,
  text,
} from './schema.ts'

const HUNDRED_YEARS_SECONDS = 100 * 365 * 24 * 3600
/** Made-up clients and grants are held in memory. */
const MAX_SEEDS = 200_000

export const isHttpUrl = (value: unknown): boolean =>
  typeof value === 'string' && URL.canParse(value) && /^https?:/.test(value)

const seconds = integer('must be a whole number of seconds above 0', 1, HUNDRED_YEARS_SECONDS)
const secondsOrNone = integer('must be a whole number of seconds, 0 or more', 0, HUNDRED_YEARS_SECONDS)
const count = integer(`must be a whole number from 0 to ${MAX_SEEDS}`, 0, MAX_SEEDS)
const positive = integer('must be a whole number above 0', 1, Number.MAX_SAFE_INTEGER)
const httpUrl: Schema<string> = rule('must be an absolute http(s) URL', isHttpUrl)
const hostName: Schema<string> = rule(
  'must be a host name',
  (value) => typeof value === 'string' && URL.canParse(`http://${value}/`) && !/[/?#@\s]/.test(value),
)
const scopes: Schema<readonly string[]> = array(
  rule<string>(
    'must be a scope: visible characters, no space',
    (value) => typeof value === 'string' && /^[!#-[\]-~]+$/.test(value),
  ),
)
const uris: Schema<readonly string[]> = array(
  rule<string>(
    'must be an absolute URI without a fragment',
    (value) => typeof value === 'string' && URL.canParse(value) && !value.includes('#'),
  ),
)
const rateLimit: Schema<false | RateLimit> = eitherOr<false, RateLimit>(
  (value) => value === false,
  object<RateLimit>({ limit: positive, windowSeconds: seconds }),
  'must be false or an object',
)
const isOrigin = (value: unknown): boolean => isHttpUrl(value) && new URL(String(value)).origin === value
const origin: Schema<string> = rule('must be an origin: scheme, host and port', isOrigin)

type RateLimitOptions = Exclude<NonNullable<EmulatorOptions['rateLimits']>, false>

const account: Schema<EmulatorAccount> = object<EmulatorAccount>({
  id: text,
  name: text,
  email: text,
  organizationId: text,
  organizationName: text,
  apiKeys: optional(strings),
})

export const clientSchema: Schema<ClientSeed> = object<ClientSeed>({
  clientId: text,
  name: text,
  type: optional(oneOf('public', 'confidential')),
  clientSecret: optional(text),
  redirectUris: optional(uris),
  postLogoutRedirectUris: optional(uris),
  scopes: optional(scopes),
  grantTypes: optional(array(oneOf('authorization_code', 'refresh_token', 'client_credentials'))),
  requirePkce: optional(flag),
  // Any text: how an app shows a hostile one is worth a test.
  logoUri: optional(text),
  policyUri: optional(text),
  tosUri: optional(text),
  verified: optional(flag),
  ownerId: optional(text),
})

export const seedSchema: Schema<SeedOptions> = partial<SeedOptions>({ clients: count, grants: count })

const OPTIONS: Members<EmulatorOptions> = {
  host: text,
  port: integer('must be an integer from 0 to 65535', 0, 65_535),
  publicHost: hostName,
  issuer: rule('must be an http(s) URL without a path, query or trailing slash', isOrigin),
  profile: oneOf('live', 'spec'),
  accounts: nonEmpty(account, 'must name at least one person'),
  clients: array(clientSchema),
  seed: seedSchema,
  stateFile: text,
  scopes,
  accessTokenLifetimeSeconds: secondsOrNone,
  refreshTokenLifetimeSeconds: seconds,
  codeLifetimeSeconds: seconds,
  consentLifetimeSeconds: seconds,
  rotateRefreshTokens: flag,
  refreshGracePeriodSeconds: secondsOrNone,
  refreshTokenRefusal: eitherOr<RefusalName, RefusalResponse>(
    (value) => REFUSAL_NAMES.includes(String(value)),
    object<RefusalResponse>({ status, headers: optional(headers), body: optional(anything) }),
    `must be ${REFUSAL_NAMES.join(', ')} or an object with a status`,
  ),
  accessTokenFormat: oneOf('opaque', 'jwt'),
  revokeAccessTokensWithGrant: flag,
  openId: flagOr(
    partial<OpenIdOptions>({
      idTokenAlgorithm: oneOf('ES256', 'RS256', 'PS256', 'EdDSA'),
      listAlgorithm: flag,
      idTokenLifetimeSeconds: seconds,
      requireNonce: flag,
    }),
  ),
  metadataDocuments: array(oneOf('oauth-authorization-server', 'openid-configuration')),
  issRedirectParameter: flag,
  dpop: flagOr(object<{ readonly requireNonce: boolean }>({ requireNonce: flag })),
  revocation: flag,
  par: flagOr(object<{ readonly required: boolean }>({ required: flag })),
  endSession: flag,
  resources: strings,
  redirectUriMatching: oneOf('loopback', 'exact'),
  rememberSignIn: flag,
  consentUrl: eitherOr<string, ConsentPageOptions>(
    isHttpUrl,
    object<ConsentPageOptions>({ url: httpUrl, except: optional(strings) }),
    'must be an absolute http(s) URL, or an object with such a url',
  ),
  cors: flagOr(
    partial<CorsOptions>({
      origins: rule(
        'must be "any" or an array of origins',
        (value) => value === 'any' || (Array.isArray(value) && value.every(isOrigin)),
      ),
      except: array(oneOf(...ENDPOINT_NAMES)),
      exposeHeaders: strings,
    }),
  ),
  controlAccess: partial<ControlAccess>({
    hosts: array(hostName),
    origins: array(origin),
  }),
  metadata: record,
  errorStyle: oneOf('v2', 'oauth'),
  insufficientScopeStatus: oneOf(401, 403),
  rateLimits: eitherOr(
    (value) => value === false,
    partial<RateLimitOptions>({ introspect: rateLimit, register: rateLimit }),
    'must be false or an object',
  ),
}

const OPTIONS_SCHEMA = partial(OPTIONS)

/** Names of all the options. */
export const OPTION_NAMES: readonly string[] = Object.keys(OPTIONS)

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
