import koaCors from '@koa/cors'
import type { CorsOptions } from '../options/options.ts'
import type { Context, Middleware } from './http.ts'

const EXPOSED_HEADERS: readonly string[] = [
  'WWW-Authenticate',
  'DPoP-Nonce',
  'Retry-After',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'X-Request-Id',
]

/** Lets pages read the answers, as the option `cors` says. The control endpoints are open to every page. */
export function corsMiddleware(option: boolean | CorsOptions): Middleware {
  const rules: CorsOptions = typeof option === 'object' ? option : {}
  const exposed = rules.exposeHeaders ?? EXPOSED_HEADERS
  const cors = koaCors({
    origin: (ctx) => ctx.get('Origin'),
    exposeHeaders: [...exposed],
    allowMethods: 'GET,HEAD,POST,PUT,DELETE,OPTIONS',
    maxAge: 600,
  })

  function isAllowed({ state, request }: Context): boolean {
    if (state.endpoint === 'control') return true
    if (option === false || rules.except?.includes(state.endpoint)) return false
    const { origins = 'any' } = rules
    return origins === 'any' || origins.includes(request.get('Origin'))
  }

  return async (ctx, next) => {
    if (isAllowed(ctx)) return cors(ctx as never, next)
    if (ctx.method === 'OPTIONS') {
      ctx.status = 404
      return
    }
    await next()
    // oidc-provider adds headers of its own to the endpoints it serves.
    for (const name of Object.keys(ctx.response.headers)) {
      if (name.startsWith('access-control-')) ctx.remove(name)
    }
  }
}
