import { randomBytes } from 'node:crypto'
import type { Configuration, Interaction, KoaContextWithOIDC, Provider } from 'oidc-provider'
import { basePathOf, type EmulatorContext, resourcesOf } from '../context.ts'
import { PATHS } from '../endpoints.ts'
import { renderAuthorizeError } from '../pages/error-page.ts'
import { createAdapter } from '../store/store.ts'
import type { IssuedToken } from '../tokens/access-tokens.ts'
import { clientMetadata, mayRedirect } from './client-metadata.ts'
import { describeRedirectMismatch } from './describe-error.ts'

/** Parameters that oidc-provider ties to `openid`, under names that it lets pass without. */
export const PRIVATE_PARAMS = { acr_values: 'emulator_acr_values', max_age: 'emulator_max_age' } as const

/** The authentication that a request asks for. With `openid` its parameters keep their names. */
export function authenticationAsked(params: Readonly<Record<string, unknown>>): {
  readonly acrValues: readonly string[]
  readonly maxAgeSeconds: number
} {
  const acrValues = String(params[PRIVATE_PARAMS.acr_values] ?? params.acr_values ?? '')
  return {
    acrValues: acrValues.split(' ').filter((value) => value !== ''),
    maxAgeSeconds: Number(params[PRIVATE_PARAMS.max_age] ?? params.max_age ?? Number.POSITIVE_INFINITY),
  }
}

/** The scope as it was requested: oidc-provider drops `offline_access` from its own before any hook. */
export const REQUESTED_SCOPE = 'emulator_scope'

const CLIENT_WENT_AWAY: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'])

/** Makes the OAuth server itself: authorize, token, JWKS, and by option revocation and pushed requests. */
export function createProvider(context: EmulatorContext): Provider {
  const { library, issuer, tokens } = context
  const provider = new library.Provider(issuer, configuration(context))
  provider.on('server_error', (_ctx, error) => reportInternalError(error))
  const koa: NodeJS.EventEmitter = provider as never
  koa.on('error', (error: NodeJS.ErrnoException) => {
    if (!CLIENT_WENT_AWAY.has(error.code ?? '')) reportInternalError(error)
  })
  provider.on('access_token.issued', (token) => tokens.noteIssued('AccessToken', issued(token)))
  provider.on('client_credentials.issued', (token) => tokens.noteIssued('ClientCredentials', issued(token)))
  provider.Client.prototype.redirectUriAllowed = function redirectUriAllowed(uri: string): boolean {
    return mayRedirect(context, this.redirectUris ?? [], uri)
  }
  return provider
}

function issued(token: unknown): IssuedToken {
  const { jti, expiration, clientId, accountId, grantId, scope, aud, jkt } = token as IssuedToken
  return { jti, expiration, clientId, accountId, grantId, scope, aud, jkt }
}

function reportInternalError(error: unknown): void {
  process.stderr.write(
    `Telnyx OAuth emulator: internal error\n${error instanceof Error ? error.stack : String(error)}\n`,
  )
}

function configuration(context: EmulatorContext): Configuration {
  const { options, store, keys, issuer } = context
  const accessTokenLifetimeSeconds = providerLifetime(options)
  const { idTokenAlgorithm = 'ES256', idTokenLifetimeSeconds = 3600 } = options.openId ?? {}
  const { scopes } = options.rules
  return {
    adapter: (name: string) =>
      createAdapter(store, name, (id) => {
        const record = store.clients.get(id)
        return record && clientMetadata(record, scopes)
      }),
    jwks: { keys: [...new Set([keys.accessTokens, keys.idTokens])] },
    scopes: [...scopes],
    responseTypes: ['code'],
    allowOmittingSingleRegisteredRedirectUri: false,
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post'],
    clientDefaults: { id_token_signed_response_alg: idTokenAlgorithm },
    enabledJWA: { idTokenSigningAlgValues: [idTokenAlgorithm] },
    cookies: { long: { path: basePathOf(context) || '/' } },
    extraParams: [...Object.values(PRIVATE_PARAMS), REQUESTED_SCOPE],
    routes: {
      authorization: PATHS.authorize[0],
      token: PATHS.token[0],
      jwks: PATHS.jwks[0],
      revocation: PATHS.revoke[0],
      pushed_authorization_request: PATHS.par[0],
    },
    ttl: {
      AccessToken: accessTokenLifetimeSeconds,
      ClientCredentials: accessTokenLifetimeSeconds,
      AuthorizationCode: options.codeLifetimeSeconds,
      RefreshToken: options.refreshTokenLifetimeSeconds,
      Interaction: options.consentLifetimeSeconds,
      Grant: 10 * 365 * 24 * 3600,
      Session: 14 * 24 * 3600,
      IdToken: idTokenLifetimeSeconds,
    },
    features: features(context),
    pkce: { required: (_ctx, client) => isPkceRequired(context, client.clientId) },
    interactions: {
      url: (_ctx, interaction) => consentPage(context, interaction),
      policy: interactionPolicy(context),
    },
    findAccount: (_ctx, id) => {
      const account = options.accounts.find((candidate) => candidate.id === id)
      return (
        account && { accountId: id, claims: () => ({ sub: id, name: account.name, email: account.email }) }
      )
    },
    clientBasedCORS: () => true,
    expiresWithSession: () => false,
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: () => options.rotateRefreshTokens,
    renderError(ctx, { error, error_description: description = '' }) {
      const { params } = ctx.oidc
      const isMismatch = error === 'invalid_redirect_uri' && params?.redirect_uri !== undefined
      const reason = isMismatch ? describeRedirectMismatch(context, params) : String(description)
      renderAuthorizeError(ctx, String(error), reason)
    },
    discovery: { issuer },
  }
}

/** oidc-provider knows no lifetime of 0: such a token gets a second, and ends when its response is adjusted. */
function providerLifetime({ accessTokenLifetimeSeconds }: EmulatorContext['options']): number {
  return Math.max(1, accessTokenLifetimeSeconds)
}

function features(context: EmulatorContext): NonNullable<Configuration['features']> {
  const { options, library } = context
  const { dpop, par } = options
  const requiresNonce = typeof dpop === 'object' && dpop.requireNonce
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    clientCredentials: { enabled: true },
    revocation: {
      enabled: options.revocation,
      allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
    },
    pushedAuthorizationRequests: {
      enabled: par !== false,
      requirePushedAuthorizationRequests: typeof par === 'object' && par.required,
    },
    dPoP: {
      enabled: dpop !== false,
      ...(requiresNonce ? { nonceSecret: randomBytes(32) } : {}),
      requireNonce: () => requiresNonce,
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: (_ctx, _client, oneOf) => oneOf?.[0] ?? context.issuer,
      useGrantedResource: () => true,
      getResourceServerInfo: (ctx, resource, client) => {
        if (!resourcesOf(context).includes(resource)) throw new library.errors.InvalidTarget()
        assertAllowedScopes(context, ctx, client.clientId)
        assertNonce(context, ctx)
        return {
          scope: options.rules.scopes.filter((scope) => scope !== 'openid').join(' '),
          accessTokenFormat: options.accessTokenFormat,
          accessTokenTTL: providerLifetime(options),
          jwt: { sign: { alg: 'ES256' } },
        }
      },
    },
  }
}

/** oidc-provider drops scopes it does not know; OAuth asks for an error. This is the first hook after the scope is parsed. */
function assertAllowedScopes(
  { options, library, store }: EmulatorContext,
  ctx: KoaContextWithOIDC,
  clientId: string,
): void {
  const allowed = store.clients.get(clientId)?.allowed_scopes ?? options.rules.scopes
  const asked = String(ctx.oidc.params?.[REQUESTED_SCOPE] ?? ctx.oidc.params?.scope ?? '').split(' ')
  // Without a scope there is nothing to allow: RFC 6749 section 3.3.
  if (isAuthorization(ctx) && allowed.length === 0)
    throw new library.errors.InvalidScope('this client may ask for no scope', '')
  const others = asked.filter(
    (scope) => scope !== '' && !(allowed.includes(scope) && options.rules.scopes.includes(scope)),
  )
  if (others.length > 0)
    throw new library.errors.InvalidScope('requested scope is not allowed', others.join(' '))
}

/** @see OpenID Connect Core 1.0 section 3.1.2.1: optional for codes there, demanded by some servers */
function assertNonce({ options, library }: EmulatorContext, ctx: KoaContextWithOIDC): void {
  const { params } = ctx.oidc
  const asksForIdToken = String(params?.scope ?? '')
    .split(' ')
    .includes('openid')
  if (options.openId?.requireNonce && isAuthorization(ctx) && asksForIdToken && !params?.nonce)
    throw new library.errors.InvalidRequest('the parameter nonce is missing')
}

function isAuthorization({ oidc }: KoaContextWithOIDC): boolean {
  return oidc.route === 'authorization' || oidc.route === 'pushed_authorization_request'
}

function isPkceRequired({ store }: EmulatorContext, clientId: string): boolean {
  const record = store.clients.get(clientId)
  return record === undefined || record.require_pkce || record.client_type === 'public'
}

function consentPage(context: EmulatorContext, interaction: Interaction): string {
  const page = context.options.consentPage
  if (page === undefined || page.except.includes(String(interaction.params.client_id)))
    return `${basePathOf(context)}/sign-in/${interaction.uid}`
  const url = new URL(page.url)
  url.searchParams.set('consent_token', interaction.uid)
  return url.href
}

/** Tells if the sign-in that the browser remembers is as strong and as recent as the request asks. */
function isAuthenticated({ params = {}, session }: KoaContextWithOIDC['oidc'], nowMs: number): boolean {
  const { acrValues, maxAgeSeconds } = authenticationAsked(params)
  const isStrong = acrValues.length === 0 || acrValues.includes(session?.acr ?? '')
  return isStrong && Math.floor(nowMs / 1000) - (session?.authTime() ?? 0) <= maxAgeSeconds
}

function interactionPolicy({
  options,
  library,
  store,
}: EmulatorContext): ReturnType<typeof library.interactionPolicy.base> {
  const { base, Check } = library.interactionPolicy
  const policy = base()
  policy.get('consent')?.checks.remove('native_client_prompt')
  policy.get('login')?.checks.add(
    new Check('signs_in_again', 'the user is asked at every sign-in that is not silent', ({ oidc }) => {
      const isAnswered = oidc.result?.login !== undefined
      const maySkip = options.rememberSignIn && isAuthenticated(oidc, store.rules.now())
      return isAnswered || maySkip ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT
    }),
  )
  return policy
}
