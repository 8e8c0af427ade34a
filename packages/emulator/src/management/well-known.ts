import { type EmulatorContext, ownResources } from '../context.ts'
import { PATHS } from '../endpoints.ts'
import { isRead, type Middleware } from '../http/http.ts'

/** Authorization server metadata and protected resource metadata, at the root and under `/v2`. */
export function discoveryRoutes(context: EmulatorContext): Middleware {
  const server = serverMetadata(context)
  const paths = metadataPaths(context)
  const { metadataChanges } = context
  return async (ctx, next) => {
    if (!isRead(ctx)) return next()
    if (paths.has(ctx.path)) {
      ctx.body = metadataChanges.apply('metadata', server)
    } else if (ctx.state.endpoint === 'resource-metadata') {
      const [, path = ''] = ctx.path.split('/.well-known/oauth-protected-resource')
      const metadata = resourceMetadata(context, path)
      if (metadata === undefined) return next()
      ctx.body = metadataChanges.apply('resource-metadata', metadata)
    } else {
      await next()
    }
  }
}

function metadataPaths({ options }: EmulatorContext): ReadonlySet<string> {
  return new Set(
    options.metadataDocuments.flatMap((name) => [`/.well-known/${name}`, `/v2/.well-known/${name}`]),
  )
}

/** @see RFC 8414 section 2 */
function serverMetadata(context: EmulatorContext): Readonly<Record<string, unknown>> {
  const { options, issuer } = context
  const { scopes, codeChallengeMethods } = options.rules
  const urlOf = ([path]: readonly [string]): string => `${issuer}${path}`
  return {
    issuer,
    authorization_endpoint: urlOf(PATHS.authorize),
    token_endpoint: urlOf(PATHS.token),
    introspection_endpoint: urlOf(PATHS.introspect),
    jwks_uri: urlOf(PATHS.jwks),
    registration_endpoint: urlOf(PATHS.register),
    response_types_supported: ['code'],
    grant_types_supported: ['client_credentials', 'authorization_code', 'refresh_token'],
    code_challenge_methods_supported: codeChallengeMethods,
    token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
    protected_resources: [issuer, `${issuer}/v2/mcp`, ...ownResources(context)],
    scopes_supported: scopes,
    ...(options.issRedirectParameter ? { authorization_response_iss_parameter_supported: true } : {}),
    ...(options.revocation ? { revocation_endpoint: urlOf(PATHS.revoke) } : {}),
    ...(options.par === false ? {} : { pushed_authorization_request_endpoint: urlOf(PATHS.par) }),
    ...(options.endSession ? { end_session_endpoint: urlOf(PATHS['end-session']) } : {}),
    ...(typeof options.par === 'object' && options.par.required
      ? { require_pushed_authorization_requests: true }
      : {}),
    ...(options.dpop === false
      ? {}
      : { dpop_signing_alg_values_supported: ['ES256', 'EdDSA', 'RS256', 'PS256'] }),
    ...(options.openId === undefined ? {} : { subject_types_supported: ['public'] }),
    ...(options.openId?.listAlgorithm
      ? { id_token_signing_alg_values_supported: [options.openId.idTokenAlgorithm] }
      : {}),
    ...options.metadata,
  }
}

/** @see RFC 9728 section 3.1: the path of the resource follows the well-known part */
function resourceMetadata(
  context: EmulatorContext,
  path: string,
): Readonly<Record<string, unknown>> | undefined {
  const { issuer, options } = context
  const resource = `${issuer}${path}`
  if (path !== '' && path !== '/v2/mcp' && !ownResources(context).includes(resource)) return undefined
  return {
    resource,
    authorization_servers: [issuer],
    scopes_supported: options.rules.scopes,
    bearer_methods_supported: ['header'],
    ...(path === '/v2/mcp' ? { resource_name: 'Telnyx MCP' } : {}),
  }
}
