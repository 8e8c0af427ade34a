import { timingSafeEqual } from 'node:crypto'
import type { EmulatorContext } from '../context.ts'
import { answerOAuthError } from '../http/errors.ts'
import type { Context } from '../http/http.ts'
import { basicCredentials } from '../http/params.ts'
import { refuseAboveLimit } from '../http/rate-limits.ts'
import type { ClientRecord } from '../store/client-record.ts'
import type { ManagementRoutes } from './route.ts'

/** Token introspection, for opaque tokens and JWTs alike. @see RFC 7662 */
export function introspectionRoutes(context: EmulatorContext): ManagementRoutes {
  return [['POST', '/v2/oauth/introspect', (ctx) => introspect(context, ctx)]]
}

async function introspect(context: EmulatorContext, ctx: Context): Promise<void> {
  const client = authenticateClient(context, ctx)
  if (client === undefined) {
    if (ctx.get('Authorization') !== '') ctx.set('WWW-Authenticate', 'Basic realm="Telnyx API"')
    answerOAuthError(ctx, 401, 'invalid_client', 'client authentication failed')
    return
  }
  if (refuseAboveLimit(ctx, context.limits, client.client_id, context.options.limits.introspect)) return
  if (ctx.state.repeated !== undefined) {
    answerOAuthError(ctx, 400, 'invalid_request', `the parameter ${ctx.state.repeated} is repeated`)
    return
  }
  const { token } = ctx.state.bodyParams
  if (token === undefined || token === '') {
    answerOAuthError(ctx, 400, 'invalid_request', 'the parameter token is missing')
    return
  }
  const record = await context.tokens.find(token)
  ctx.set('Cache-Control', 'no-store')
  ctx.body =
    record === undefined
      ? { active: false }
      : {
          active: true,
          client_id: record.clientId,
          scope: record.scopes.join(' '),
          aud: record.audience,
          iss: context.issuer,
          exp: record.expiresAtSeconds,
          iat: record.issuedAtSeconds,
          ...(record.keyThumbprint === undefined ? {} : { cnf: { jkt: record.keyThumbprint } }),
        }
}

/** A confidential client, by HTTP Basic or by credentials in the body. */
function authenticateClient({ store }: EmulatorContext, ctx: Context): ClientRecord | undefined {
  const { client_id: bodyId, client_secret: bodySecret } = ctx.state.bodyParams
  const basic = basicCredentials(ctx.headers)
  if (basic !== undefined && bodySecret !== undefined) return undefined
  const { id, secret } = basic ?? { id: bodyId, secret: bodySecret }
  const client = store.clients.get(id ?? '')
  if (client?.client_secret == null || secret === undefined) return undefined
  return isSame(client.client_secret, secret) ? client : undefined
}

function isSame(expected: string, given: string): boolean {
  const [left, right] = [Buffer.from(expected), Buffer.from(given)]
  return left.length === right.length && timingSafeEqual(left, right)
}
