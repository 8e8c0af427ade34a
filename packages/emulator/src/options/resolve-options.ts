import { DEFAULT_CLIENTS } from '../store/client-record.ts'
import { DEFAULT_ACCOUNTS, type EmulatorAccount } from './accounts.ts'
import { assertOwner } from './member-rules.ts'
import { assertOptions } from './option-rules.ts'
import type { ConsentPageOptions, EmulatorOptions, OpenIdOptions } from './options.ts'
import { PROFILES, type Profile } from './profiles.ts'

export const DEFAULT_PORT = 4010

type Given = Required<
  Omit<
    EmulatorOptions,
    'rateLimits' | 'issuer' | 'stateFile' | 'consentUrl' | 'scopes' | 'errorStyle' | 'openId'
  >
>

/** Options with every default filled in. */
export interface ResolvedOptions extends Given {
  readonly issuer: string | undefined
  readonly stateFile: string | undefined
  readonly consentPage: Required<ConsentPageOptions> | undefined
  readonly openId: Required<OpenIdOptions> | undefined
  readonly rules: Profile
  readonly limits: Limits
  readonly firstAccount: EmulatorAccount
}

type Limits = Profile['rateLimits']

function limitsOf(given: EmulatorOptions['rateLimits'], usual: Limits): Limits {
  if (given === false) return { introspect: undefined, register: undefined }
  const { introspect = usual.introspect, register = usual.register } = given ?? {}
  return { introspect: introspect || undefined, register: register || undefined }
}

function consentPageOf(given: EmulatorOptions['consentUrl']): Required<ConsentPageOptions> | undefined {
  if (given === undefined) return undefined
  return { except: [], ...(typeof given === 'string' ? { url: given } : given) }
}

function openIdOf({ openId = false, scopes = [] }: EmulatorOptions): ResolvedOptions['openId'] {
  if (openId === false && !scopes.includes('openid')) return undefined
  return {
    idTokenAlgorithm: 'ES256',
    listAlgorithm: true,
    idTokenLifetimeSeconds: 3600,
    requireNonce: false,
    ...(typeof openId === 'object' ? openId : {}),
  }
}

function scopesOf(offered: readonly string[], openId: ResolvedOptions['openId']): readonly string[] {
  return openId === undefined || offered.includes('openid') ? offered : ['openid', ...offered]
}

/** Fills in the defaults. @throws {TypeError} naming the option and the rule it breaks */
export function resolveOptions(given: EmulatorOptions): ResolvedOptions {
  assertOptions(given)
  // A copy: later changes to the objects of the caller change nothing here.
  const options = structuredClone(given)
  const profile = PROFILES[options.profile ?? 'live']
  const accounts = options.accounts ?? DEFAULT_ACCOUNTS
  const openId = openIdOf(options)
  const [firstAccount] = accounts
  if (firstAccount === undefined)
    throw new TypeError('createEmulator: option "accounts" must name at least one person')
  for (const [index, client] of (options.clients ?? []).entries())
    assertOwner(client, accounts, `createEmulator: the option "clients[${index}].ownerId"`)
  return {
    host: options.host ?? '127.0.0.1',
    port: options.port ?? DEFAULT_PORT,
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
    refreshTokenRefusal: options.refreshTokenRefusal ?? 'invalid_grant',
    accessTokenFormat: options.accessTokenFormat ?? 'opaque',
    revokeAccessTokensWithGrant: options.revokeAccessTokensWithGrant ?? true,
    openId,
    metadataDocuments: options.metadataDocuments ?? [
      'oauth-authorization-server',
      ...(openId === undefined ? [] : (['openid-configuration'] as const)),
    ],
    issRedirectParameter: options.issRedirectParameter ?? false,
    dpop: options.dpop ?? false,
    revocation: options.revocation ?? false,
    par: options.par ?? false,
    endSession: options.endSession ?? false,
    resources: options.resources ?? [],
    redirectUriMatching: options.redirectUriMatching ?? 'loopback',
    rememberSignIn: options.rememberSignIn ?? false,
    consentPage: consentPageOf(options.consentUrl),
    cors: options.cors ?? true,
    controlAccess: options.controlAccess ?? {},
    metadata: options.metadata ?? {},
    insufficientScopeStatus: options.insufficientScopeStatus ?? 401,
    limits: limitsOf(options.rateLimits, profile.rateLimits),
    rules: {
      ...profile,
      scopes: scopesOf(options.scopes ?? profile.scopes, openId),
      errorStyle: options.errorStyle ?? profile.errorStyle,
    },
  }
}
