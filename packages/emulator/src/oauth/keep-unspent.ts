import type { ServingContext } from '../context.ts'
import type { Middleware } from '../http/http.ts'

/** Parameters of the token endpoint whose value is spent, and the models that keep them. */
const SPENT = { refresh_token: 'RefreshToken', code: 'AuthorizationCode' } as const

/**
 * Keeps a refresh token or code unspent if the request is refused for another reason than the token or code itself:
 * oidc-provider spends it before it looks at `resource`.
 */
export function keepUnspent({ store }: ServingContext): Middleware {
  return async (ctx, next) => {
    if (ctx.state.endpoint !== 'token') return next()
    const rows = Object.entries(SPENT).map(([parameter, model]) => {
      const id = ctx.state.bodyParams[parameter] ?? ''
      return { id, model: store.model(model), row: store.model(model).get(id) }
    })
    await next()
    const { error } = (ctx.body ?? {}) as { readonly error?: unknown }
    if (ctx.status < 400 || error === 'invalid_grant') return
    for (const { id, model, row } of rows) if (row !== undefined) model.set(id, row)
  }
}
