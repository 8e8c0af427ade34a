import type { ServingContext } from '../context.ts'
import { ALIASES } from '../endpoints.ts'
import type { Middleware } from '../http/http.ts'
import { balanceRoutes } from '../resources/balance.ts'
import { phoneNumberRoutes } from '../resources/phone-numbers.ts'
import { telephonyCredentialRoutes } from '../resources/telephony-credentials.ts'
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
  const routes = [
    ...clientRoutes(context, tools),
    ...grantRoutes(context),
    ...consentRoutes(context, tools),
    ...introspectionRoutes(context),
    ...registrationRoutes(context, tools),
    ...balanceRoutes(context),
    ...phoneNumberRoutes(context),
    ...telephonyCredentialRoutes(context),
  ]
  // Live answered 404 there when it was last observed.
  const hasAliases = context.options.profile === 'spec'
  return (ctx, next) => {
    const { template: path, id } = ctx.state
    const template = hasAliases && path !== undefined ? (ALIASES[path] ?? path) : path
    const method = ctx.method === 'HEAD' ? 'GET' : ctx.method
    const [, , respond] = routes.find((route) => route[0] === method && route[1] === template) ?? []
    return respond === undefined ? next() : respond(ctx, id)
  }
}
