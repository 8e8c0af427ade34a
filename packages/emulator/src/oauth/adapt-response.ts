import type { ServingContext } from '../context.ts'
import { answerOAuthError } from '../http/errors.ts'
import type { Context, Middleware } from '../http/http.ts'
import { basicCredentials } from '../http/params.ts'
import { rewordRefusal } from '../tokens/refresh-token-refusal.ts'

/** Makes oidc-provider's answers those of Telnyx, where the two differ. */
export function adaptResponse(context: ServingContext): Middleware {
  return async (ctx, next) => {
    await next()
    const { endpoint } = ctx.state
    if (endpoint === 'authorize' || endpoint === 'authorize-resume') adjustRedirect(context, ctx)
    if (endpoint === 'token' && ctx.status === 200) await adjustTokens(context, ctx)
    if (endpoint === 'token' && ctx.status === 400) refuseMissingClient(ctx)
    if (endpoint === 'token' && ctx.status === 400) refuseGrantType(ctx)
    if (endpoint === 'token' && ctx.status === 400) rewordRefusal(ctx, context.options.refreshTokenRefusal)
    if (endpoint === 'revoke' && ctx.status === 400) await revokeJwt(context, ctx)
    // oidc-provider says application/jwk-set+json, the contract application/json.
    if (endpoint === 'jwks' && ctx.status === 200) ctx.type = 'json'
  }
}

/** oidc-provider responds with 400 invalid_request here, Telnyx with 401. */
function refuseMissingClient(ctx: Context): void {
  const { bodyParams } = ctx.state
  const { error } = ctx.body as { readonly error?: unknown }
  const hasClient = bodyParams.client_id !== undefined || ctx.get('Authorization') !== ''
  if (error === 'invalid_request' && bodyParams.grant_type !== undefined && !hasClient)
    answerOAuthError(ctx, 401, 'invalid_client', 'client authentication is missing')
}

/** oidc-provider says invalid_request. @see RFC 6749 section 5.2 */
function refuseGrantType(ctx: Context): void {
  const { error_description: description } = ctx.body as { readonly error_description?: unknown }
  if (description === 'requested grant type is not allowed for this client')
    answerOAuthError(ctx, 400, 'unauthorized_client', description)
}

/**
 * oidc-provider keeps no JWTs, so it refuses to revoke one, once it has authenticated the client. As with an opaque
 * access token, all tokens under the grant end. @see RFC 7009 section 2.1
 */
async function revokeJwt({ provider, store, tokens }: ServingContext, ctx: Context): Promise<void> {
  const { error } = ctx.body as { readonly error?: unknown }
  if (error !== 'unsupported_token_type') return
  const { token: jwt = '', client_id: clientId = basicCredentials(ctx.headers)?.id } = ctx.state.bodyParams
  const token = await tokens.find(jwt)
  if (token !== undefined && token.clientId === clientId) {
    for (const kind of ['AccessToken', 'ClientCredentials']) store.model(kind).delete(token.id)
    const { AccessToken, RefreshToken, AuthorizationCode } = provider
    for (const model of [AccessToken, RefreshToken, AuthorizationCode])
      if (token.grantId !== undefined) await model.revokeByGrantId(token.grantId)
  }
  ctx.status = 200
  ctx.body = ''
}

function adjustRedirect({ options, issuer }: ServingContext, ctx: Context): void {
  if (ctx.status === 303) ctx.status = 302
  const location = ctx.response.get('location')
  if (!options.issRedirectParameter && URL.canParse(location)) {
    ctx.set('location', withoutIssuer(new URL(location), issuer).href)
  }
  if (!options.rememberSignIn) forgetSession(ctx)
}

/** Authorization responses are in the query, or in the fragment for `response_type=token`. */
function withoutIssuer(url: URL, issuer: string): URL {
  const fragment = new URLSearchParams(url.hash.slice(1))
  if (url.searchParams.get('iss') === issuer) url.searchParams.delete('iss')
  if (fragment.get('iss') === issuer) {
    fragment.delete('iss')
    url.hash = fragment.toString()
  }
  return url
}

/** Without its cookie, the next sign-in asks again. */
function forgetSession(ctx: Context): void {
  const cookies = [ctx.response.headers['set-cookie'] ?? []].flat().map(String)
  const kept = cookies.filter((cookie) => !cookie.startsWith('_session=') && !cookie.startsWith('_session.'))
  ctx.remove('set-cookie')
  if (kept.length > 0) ctx.set('set-cookie', kept)
}

async function adjustTokens({ options, store, tokens }: ServingContext, ctx: Context): Promise<void> {
  const answer = ctx.body as Record<string, unknown>
  const isRefresh = ctx.state.params.grant_type === 'refresh_token'
  if (isRefresh && !options.rotateRefreshTokens) delete answer.refresh_token
  const { grantId } = (await tokens.find(String(answer.access_token))) ?? {}
  const grant = grantId === undefined ? undefined : store.grants.get(grantId)
  if (grantId !== undefined && grant !== undefined)
    store.grants.set(grantId, { ...grant, lastUsedAtMs: store.rules.now() })
  if (options.accessTokenLifetimeSeconds > 0) return
  answer.expires_in = 0
  tokens.expire()
}
