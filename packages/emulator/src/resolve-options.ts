import { DEFAULT_ACCOUNTS, type EmulatorAccount } from './accounts.ts'
import { DEFAULT_CLIENTS } from './client-record.ts'
import type { EmulatorOptions } from './options.ts'
import { PROFILES, type Profile } from './profiles.ts'

type Given = Required<
  Omit<EmulatorOptions, 'rateLimits' | 'issuer' | 'stateFile' | 'consentUrl' | 'scopes' | 'errorStyle'>
>

/** Options with every default filled in. */
export interface ResolvedOptions extends Given {
  readonly issuer: string | undefined
  readonly stateFile: string | undefined
  readonly consentUrl: string | undefined
  readonly rules: Profile
  readonly limits: Limits
  readonly firstAccount: EmulatorAccount
}

type Rule = readonly [option: keyof EmulatorOptions, rule: string, holds: (value: never) => boolean]

const isSeconds = (value: number): boolean => Number.isInteger(value) && value > 0
const isCount = (value: number): boolean => Number.isInteger(value) && value >= 0
const isFlag = (value: unknown): boolean => typeof value === 'boolean'
const isOneOf =
  (...choices: readonly unknown[]) =>
  (value: unknown): boolean =>
    choices.includes(value)

function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
}

const RULES: readonly Rule[] = [
  ['port', 'must be an integer from 0 to 65535', (value: number) => isCount(value) && value <= 65535],
  [
    'issuer',
    'must be an http(s) URL without a path, query or trailing slash',
    (value: string) => isHttpUrl(value) && new URL(value).origin === value,
  ],
  ['profile', "must be 'live' or 'spec'", isOneOf('live', 'spec')],
  [
    'accounts',
    'must name at least one person',
    (value: readonly unknown[]) => Array.isArray(value) && value.length > 0,
  ],
  ['clients', 'must be an array', (value: unknown) => Array.isArray(value)],
  ['accessTokenLifetimeSeconds', 'must be a whole number of seconds above 0', isSeconds],
  ['refreshTokenLifetimeSeconds', 'must be a whole number of seconds above 0', isSeconds],
  ['codeLifetimeSeconds', 'must be a whole number of seconds above 0', isSeconds],
  ['consentLifetimeSeconds', 'must be a whole number of seconds above 0', isSeconds],
  ['refreshGracePeriodSeconds', 'must be a whole number of seconds, 0 or more', isCount],
  ['accessTokenFormat', "must be 'opaque' or 'jwt'", isOneOf('opaque', 'jwt')],
  ['rotateRefreshTokens', 'must be true or false', isFlag],
  ['issRedirectParameter', 'must be true or false', isFlag],
  ['redirectUriMatching', "must be 'loopback' or 'exact'", isOneOf('loopback', 'exact')],
  ['rememberSignIn', 'must be true or false', isFlag],
  ['consentUrl', 'must be an absolute http(s) URL', isHttpUrl],
  ['errorStyle', "must be 'v2' or 'oauth'", isOneOf('v2', 'oauth')],
  ['insufficientScopeStatus', 'must be 401 or 403', isOneOf(401, 403)],
]

function assertOptions(options: EmulatorOptions): void {
  for (const [option, rule, holds] of RULES) {
    const value = options[option]
    if (value === undefined || holds(value as never)) continue
    throw new TypeError(`createEmulator: option "${option}" ${rule}; got ${JSON.stringify(value)}`)
  }
}

type Limits = Profile['rateLimits']

function limitsOf(given: EmulatorOptions['rateLimits'], usual: Limits): Limits {
  if (given === false) return { introspect: undefined, register: undefined }
  const { introspect = usual.introspect, register = usual.register } = given ?? {}
  return { introspect: introspect || undefined, register: register || undefined }
}

/** Fills in the defaults. @throws {TypeError} naming the option and the rule it breaks */
export function resolveOptions(options: EmulatorOptions): ResolvedOptions {
  assertOptions(options)
  const profile = PROFILES[options.profile ?? 'live']
  const accounts = options.accounts ?? DEFAULT_ACCOUNTS
  const [firstAccount] = accounts
  if (firstAccount === undefined)
    throw new TypeError('createEmulator: option "accounts" must name at least one person')
  return {
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 4010,
    publicHost: options.publicHost ?? 'localhost',
    issuer: options.issuer,
    profile: options.profile ?? 'live',
    accounts,
    firstAccount,
    clients: options.clients ?? DEFAULT_CLIENTS,
    seed: options.seed ?? {},
    stateFile: options.stateFile,
    accessTokenLifetimeSeconds: options.accessTokenLifetimeSeconds ?? 1800,
    refreshTokenLifetimeSeconds: options.refreshTokenLifetimeSeconds ?? 30 * 24 * 3600,
    codeLifetimeSeconds: options.codeLifetimeSeconds ?? 60,
    consentLifetimeSeconds: options.consentLifetimeSeconds ?? 600,
    rotateRefreshTokens: options.rotateRefreshTokens ?? true,
    refreshGracePeriodSeconds: options.refreshGracePeriodSeconds ?? 0,
    accessTokenFormat: options.accessTokenFormat ?? 'opaque',
    revokeAccessTokensWithGrant: options.revokeAccessTokensWithGrant ?? true,
    issRedirectParameter: options.issRedirectParameter ?? false,
    dpop: options.dpop ?? false,
    revocation: options.revocation ?? false,
    par: options.par ?? false,
    resources: options.resources ?? [],
    redirectUriMatching: options.redirectUriMatching ?? 'loopback',
    rememberSignIn: options.rememberSignIn ?? false,
    consentUrl: options.consentUrl,
    cors: options.cors ?? true,
    metadata: options.metadata ?? {},
    insufficientScopeStatus: options.insufficientScopeStatus ?? 401,
    limits: limitsOf(options.rateLimits, profile.rateLimits),
    rules: {
      ...profile,
      scopes: options.scopes ?? profile.scopes,
      errorStyle: options.errorStyle ?? profile.errorStyle,
    },
  }
}
