import koaCors from '@koa/cors'
import { controlRefusal } from '../controls/control-access.ts'
import type { ControlAccess, CorsOptions } from '../options/options.ts'
import type { Context, Middleware } from './http.ts'

const EXPOSED_HEADERS: readonly string[] = [
  'WWW-Authenticate',
  'DPoP-Nonce',
  'Retry-After',
  'Retry-After-Ms',
  'X-Should-Retry',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'X-Request-Id',
]

interface Options {
  readonly cors: boolean | CorsOptions
  readonly controlAccess: ControlAccess
}

/** Lets pages read the responses, as the option `cors` says, and those of the controls, as `controlAccess` says. */
export function corsMiddleware({ cors: option, controlAccess }: Options): Middleware {
  const rules: CorsOptions = typeof option === 'object' ? option : {}
  const exposed = rules.exposeHeaders ?? EXPOSED_HEADERS
  const cors = koaCors({
    origin: (ctx) => ctx.get('Origin'),
    exposeHeaders: [...exposed],
    allowMethods: 'GET,HEAD,POST,PUT,DELETE,OPTIONS',
    maxAge: 600,
  })

  function isAllowed(ctx: Context): boolean {
    const { state, request } = ctx
    if (state.endpoint === 'control') return controlRefusal(ctx, controlAccess) === undefined
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
