import type { ClientSeed } from '../store/client-record.ts'
import type { EmulatorAccount } from './accounts.ts'
import type { SeedOptions } from './options.ts'
import type { RateLimit } from './profiles.ts'
import {
  array,
  eitherOr,
  flag,
  integer,
  object,
  oneOf,
  optional,
  partial,
  rule,
  type Schema,
  strings,
  text,
} from './schema.ts'

const HUNDRED_YEARS_SECONDS = 100 * 365 * 24 * 3600
/** Made-up clients and grants are held in memory. */
const MAX_SEEDS = 200_000

export const isHttpUrl = (value: unknown): boolean =>
  typeof value === 'string' && URL.canParse(value) && /^https?:/.test(value)

export const seconds: Schema<number> = integer(
  'must be a whole number of seconds above 0',
  1,
  HUNDRED_YEARS_SECONDS,
)
export const secondsOrNone: Schema<number> = integer(
  'must be a whole number of seconds, 0 or more',
  0,
  HUNDRED_YEARS_SECONDS,
)
const count = integer(`must be a whole number from 0 to ${MAX_SEEDS}`, 0, MAX_SEEDS)
const positive = integer('must be a whole number above 0', 1, Number.MAX_SAFE_INTEGER)
export const httpUrl: Schema<string> = rule('must be an absolute http(s) URL', isHttpUrl)
export const hostName: Schema<string> = rule(
  'must be a host name in lower case, without a port',
  (value) =>
    typeof value === 'string' &&
    URL.canParse(`http://${value}/`) &&
    new URL(`http://${value}/`).hostname === value,
)
export const scopes: Schema<readonly string[]> = array(
  rule<string>(
    'must be a scope: visible characters, no space',
    (value) => typeof value === 'string' && /^[!#-[\]-~]+$/.test(value),
  ),
)
const isAbsoluteUri = (value: unknown): value is string =>
  typeof value === 'string' && URL.canParse(value) && !value.includes('#')
/** A domain of the app in reverse order. @see RFC 8252 section 7.1 */
const PRIVATE_USE_SCHEME = /^[a-z][a-z\d+-]*(\.[a-z\d+-]+)+:/i
/** The rule of a redirect URI, after its subject. */
export const REDIRECT_URI_RULE =
  'must be an absolute URI without a fragment, of http(s) or of a private-use scheme such as com.example.app'
export const isRedirectUri = (value: unknown): boolean =>
  isAbsoluteUri(value) && (isHttpUrl(value) || PRIVATE_USE_SCHEME.test(value))
const redirectUris: Schema<readonly string[]> = array(rule<string>(REDIRECT_URI_RULE, isRedirectUri))
/** @see RFC 8707 section 2 */
export const resources: Schema<readonly string[]> = array(
  rule<string>('must be an absolute URI without a fragment, or a path with a slash in front', (value) =>
    isAbsoluteUri(typeof value === 'string' ? value.replace(/^\//, 'http://localhost/') : value),
  ),
)
export const rateLimit: Schema<false | RateLimit> = eitherOr<false, RateLimit>(
  (value) => value === false,
  object<RateLimit>({ limit: positive, windowSeconds: seconds }),
  'must be false or an object',
)
export const isOrigin = (value: unknown): boolean =>
  isHttpUrl(value) && new URL(String(value)).origin === value
export const origin: Schema<string> = rule('must be an origin: scheme, host and port', isOrigin)

/** @see RFC 6749 appendix A.1 and A.2 */
const visible: Schema<string> = rule(
  'must be one or more visible ASCII characters or spaces',
  (value) => typeof value === 'string' && /^[ -~]+$/.test(value),
)

export const account: Schema<EmulatorAccount> = object<EmulatorAccount>({
  id: text,
  name: text,
  email: text,
  organizationId: text,
  organizationName: text,
  apiKeys: optional(strings),
})

export const clientSchema: Schema<ClientSeed> = object<ClientSeed>({
  clientId: visible,
  name: text,
  type: optional(oneOf('public', 'confidential')),
  clientSecret: optional(visible),
  redirectUris: optional(redirectUris),
  postLogoutRedirectUris: optional(redirectUris),
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

/** @throws {TypeError} when a client belongs to an account that does not exist */
export function assertOwner(
  { ownerId }: ClientSeed,
  accounts: readonly EmulatorAccount[],
  subject: string,
): void {
  const ids = accounts.map(({ id }) => id)
  if (ownerId !== undefined && !ids.includes(ownerId))
    throw new TypeError(`${subject} must be the id of an account; got ${JSON.stringify(ownerId)}`)
}
