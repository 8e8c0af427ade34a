import type { EmulatorContext, ServingContext } from '../context.ts'
import { controlRoutes } from '../controls/control.ts'
import type { Controls } from '../controls/controls.ts'
import { faultMiddleware } from '../controls/fault-middleware.ts'
import { corsMiddleware } from '../http/cors.ts'
import { answerOAuthError, answerV2Error } from '../http/errors.ts'
import type { Middleware } from '../http/http.ts'
import { publicOrigin } from '../http/public-origin.ts'
import type { RequestHandler } from '../http/read-bodies.ts'
import { managementRoutes } from '../management/routes.ts'
import { discoveryRoutes } from '../management/well-known.ts'
import { adaptRequest } from '../oauth/adapt-request.ts'
import { adaptResponse } from '../oauth/adapt-response.ts'
import { endSessionRoute } from '../oauth/end-session.ts'
import { keepUnspent } from '../oauth/keep-unspent.ts'
import { createProvider } from '../oauth/provider.ts'
import { homeRoute } from '../pages/home-page.ts'
import { signInRoutes } from '../pages/sign-in.ts'
import { logMiddleware } from '../request-log/log-middleware.ts'
import { mcpRoute } from '../resources/mcp.ts'
import { createDpopProofs } from '../tokens/dpop-proof.ts'

/** Puts the emulator together: its own middleware in the order of a request's way, oidc-provider at the end. */
export function createApplication(base: EmulatorContext, controls: Controls): RequestHandler {
  const { options, holds, faults, keys, store } = base
  const requireNonce = typeof options.dpop === 'object' && options.dpop.requireNonce
  const context: ServingContext = {
    ...base,
    provider: createProvider(base),
    dpopProofs: createDpopProofs(requireNonce, store.rules.now),
  }
  const steps: readonly Middleware[] = [
    publicOrigin(options.issuer),
    logMiddleware(base),
    corsMiddleware(options),
    controlRoutes(controls, options.controlAccess, base.holdsById),
    unlessInternal(holdMiddleware(holds)),
    unlessInternal(faultMiddleware(faults, keys.idTokens)),
    refuseMalformedJson(),
    homeRoute(context),
    discoveryRoutes(context),
    managementRoutes(context),
    mcpRoute(context),
    signInRoutes(context),
    endSessionRoute(context),
    adaptResponse(context),
    keepUnspent(context),
    adaptRequest(context),
    onlyProviderPaths(),
  ]
  for (const step of steps) context.provider.use(step as Parameters<typeof context.provider.use>[0])
  return context.provider.callback() as RequestHandler
}

function unlessInternal(step: Middleware): Middleware {
  return (ctx, next) => (ctx.state.isInternal ? next() : step(ctx, next))
}

function refuseMalformedJson(): Middleware {
  return async (ctx, next) => {
    const { isMalformedJson, endpoint } = ctx.state
    if (!isMalformedJson) return next()
    const detail = 'the body is not valid JSON'
    if (endpoint === 'clients' || endpoint === 'consent') answerV2Error(ctx, 400, '10015', { detail })
    else answerOAuthError(ctx, 400, 'invalid_request', detail)
  }
}

function holdMiddleware(holds: EmulatorContext['holds']): Middleware {
  return async (ctx, next) => {
    const { pass } = holds.catch(ctx.state.entry)
    await pass('before')
    await next()
    await pass('after')
  }
}

const PROVIDER_ENDPOINTS: ReadonlySet<string> = new Set([
  'authorize',
  'authorize-resume',
  'token',
  'jwks',
  'revoke',
  'par',
])

/** oidc-provider has further routes (OpenID discovery, say) that Telnyx has not. */
function onlyProviderPaths(): Middleware {
  return async (ctx, next) => {
    if (PROVIDER_ENDPOINTS.has(ctx.state.endpoint)) await next()
    if (ctx.status === 404 && ctx.body === undefined) {
      answerV2Error(ctx, 404, '10005', { detail: `${ctx.method} ${ctx.path} does not exist` })
    }
  }
}
