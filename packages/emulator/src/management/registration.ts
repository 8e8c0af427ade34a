import type { EmulatorContext } from '../context.ts'
import type { Context } from '../http/http.ts'
import { refuseAboveLimit } from '../http/rate-limits.ts'
import { type ClientRecord, type GrantType, newClientId, newClientSecret } from '../store/client-record.ts'
import { checkClientFacts } from './client-rules.ts'
import type { ManagementRoutes, Tools } from './route.ts'

interface RegistrationBody {
  readonly redirect_uris?: readonly string[]
  readonly client_name?: string
  readonly grant_types?: readonly GrantType[]
  readonly response_types?: readonly string[]
  readonly scope?: string
  readonly token_endpoint_auth_method?: 'none' | 'client_secret_basic' | 'client_secret_post'
  readonly logo_uri?: string
  readonly policy_uri?: string
  readonly tos_uri?: string
}

/** Fields of a registration, by the names that the clients' rules use. */
const FIELD_OF: Readonly<Record<string, string>> = {
  allowed_scopes: 'scope',
  allowed_grant_types: 'grant_types',
}

/** Dynamic client registration, open to everyone. @see RFC 7591 */
export function registrationRoutes(context: EmulatorContext, tools: Tools): ManagementRoutes {
  return [['POST', '/v2/oauth/register', (ctx) => register(context, tools, ctx)]]
}

async function register(context: EmulatorContext, { schemas }: Tools, ctx: Context): Promise<void> {
  if (refuseAboveLimit(ctx, context.limits, ctx.ip, context.options.limits.register)) return
  const { json } = ctx.state
  const violations = schemas.violations('register', json)
  if (violations.length > 0) {
    refuseMetadata(ctx, groupByField(violations))
    return
  }
  const record = recordOf(context, json as RegistrationBody)
  const { grant_types: grantTypes, redirect_uris: uris } = json as RegistrationBody
  // The contract requires no field: a client that names neither grants nor redirect URIs cannot sign anybody in yet.
  const isBare = grantTypes === undefined && uris === undefined
  const problem = checkClientFacts(context, isBare ? { ...record, allowed_grant_types: [] } : record)
  if (problem !== undefined) {
    const [, member = ''] = problem.pointer.split('/')
    refuseMetadata(ctx, { [FIELD_OF[member] ?? member]: [problem.description] })
    return
  }
  context.store.clients.set(record.client_id, record)
  ctx.status = 201
  ctx.set('Cache-Control', 'no-store')
  ctx.body = responseOf(record, json as RegistrationBody, context.options.rules.scopes)
}

function recordOf({ store, options }: EmulatorContext, body: RegistrationBody): ClientRecord {
  const isPublic = body.token_endpoint_auth_method === 'none'
  const clientId = newClientId()
  const at = new Date(store.rules.now()).toISOString()
  return {
    client_id: clientId,
    name: body.client_name ?? clientId,
    org_id: options.firstAccount.organizationId,
    user_id: options.firstAccount.id,
    client_type: isPublic ? 'public' : 'confidential',
    client_secret: isPublic ? null : newClientSecret(),
    allowed_grant_types: body.grant_types ?? ['authorization_code'],
    allowed_scopes: body.scope?.split(' ').filter((scope) => scope !== ''),
    redirect_uris: body.redirect_uris ?? [],
    require_pkce: isPublic,
    logo_uri: body.logo_uri ?? null,
    policy_uri: body.policy_uri ?? null,
    tos_uri: body.tos_uri ?? null,
    created_at: at,
    updated_at: at,
    verified: false,
    anonymous: true,
    post_logout_redirect_uris: [],
  }
}

function responseOf(
  record: ClientRecord,
  body: RegistrationBody,
  offeredScopes: readonly string[],
): Readonly<Record<string, unknown>> {
  const answer = {
    client_id: record.client_id,
    client_id_issued_at: Math.floor(Date.parse(record.created_at) / 1000),
    client_secret: record.client_secret ?? undefined,
    client_name: record.name,
    redirect_uris: record.redirect_uris,
    grant_types: record.allowed_grant_types,
    response_types: body.response_types ?? ['code'],
    scope: (record.allowed_scopes ?? offeredScopes).join(' '),
    token_endpoint_auth_method: body.token_endpoint_auth_method ?? 'client_secret_basic',
    logo_uri: record.logo_uri ?? undefined,
    policy_uri: record.policy_uri ?? undefined,
    tos_uri: record.tos_uri ?? undefined,
  }
  return Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== undefined))
}

function groupByField(
  violations: readonly { readonly field: string; readonly message: string }[],
): Readonly<Record<string, readonly string[]>> {
  // A map, since a client may name a field __proto__ or constructor.
  const groups = new Map<string, readonly string[]>()
  for (const { field, message } of violations) {
    const name = field || 'body'
    groups.set(name, [...(groups.get(name) ?? []), message])
  }
  return Object.fromEntries(groups)
}

function refuseMetadata(ctx: Context, invalidFields: Readonly<Record<string, readonly string[]>>): void {
  const fields = Object.keys(invalidFields)
  const isRedirect = fields.length === 1 && fields[0] === 'redirect_uris'
  ctx.status = 400
  ctx.body = {
    error: isRedirect ? 'invalid_redirect_uri' : 'invalid_client_metadata',
    error_description: `not valid: ${fields.join(', ')}`,
    invalid_fields: invalidFields,
  }
}
