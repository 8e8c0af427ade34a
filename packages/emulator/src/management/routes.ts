import Router from '@koa/router'
import type { ServingContext } from '../context.ts'
import type { Context, Middleware } from '../http/http.ts'
import { clientRoutes } from './clients.ts'
import { consentRoutes } from './consent.ts'
import { grantRoutes } from './grants.ts'
import { introspectionRoutes } from './introspection.ts'
import { registrationRoutes } from './registration.ts'
import { createSchemas, type Schemas } from './schemas.ts'

/** A method, a path with at most one parameter `:id`, and what answers it. */
export type ManagementRoute = readonly [
  method: 'get' | 'post' | 'put' | 'delete',
  path: string,
  answer: (ctx: Context, id: string) => Promise<void>,
]
export type ManagementRoutes = readonly ManagementRoute[]

/** What the routes share. */
export interface Tools {
  readonly schemas: Schemas
}

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
