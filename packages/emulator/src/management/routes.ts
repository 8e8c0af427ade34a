import Router from '@koa/router'
import type { ServingContext } from '../context.ts'
import type { Context, Middleware } from '../http/http.ts'
import { clientRoutes } from './clients.ts'
import { consentRoutes } from './consent.ts'
import { grantRoutes } from './grants.ts'
import { introspectionRoutes } from './introspection.ts'
import { registrationRoutes } from './registration.ts'
import type { Tools } from './route.ts'
import { createSchemas } from './schemas.ts'

/** Everything Telnyx answers itself, oidc-provider having no part in it. */
export function managementRoutes(context: ServingContext): Middleware {
  const tools: Tools = { schemas: createSchemas() }
  const router = new Router()
  const routes = [
    ...clientRoutes(context, tools),
    ...grantRoutes(context),
    ...consentRoutes(context, tools),
    ...introspectionRoutes(context),
    ...registrationRoutes(context, tools),
  ]
  for (const [method, path, answer] of routes) {
    router[method](path, (ctx) => answer(ctx as unknown as Context, ctx.params.id ?? ''))
  }
  return router.routes() as unknown as Middleware
}
