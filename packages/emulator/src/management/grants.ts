import type { ServingContext } from '../context.ts'
import type { Context } from '../http/http.ts'
import type { GrantRecord } from '../store/grant-record.ts'
import { pageOf } from './pages.ts'
import { readPage } from './read-page.ts'
import { admit, refuse } from './refuse.ts'
import type { ManagementRoutes } from './route.ts'

/** OAuth grants, the person's connected apps: list, retrieve, revoke. */
export function grantRoutes(context: ServingContext): ManagementRoutes {
  const { read, write } = context.options.rules.managementScopes
  return [
    ['GET', '/v2/oauth_grants', (ctx) => list(context, ctx, read)],
    ['GET', '/v2/oauth_grants/:id', (ctx, id) => retrieve(context, ctx, id, read)],
    ['DELETE', '/v2/oauth_grants/:id', (ctx, id) => revoke(context, ctx, id, write)],
  ]
}

async function list(context: ServingContext, ctx: Context, scope: string): Promise<void> {
  const declared = [400, 401]
  const caller = await admit(context, ctx, declared, scope)
  if (caller === undefined) return
  const page = readPage(context, ctx, declared)
  if (page === undefined) return
  const { grants } = context.store
  ctx.body = pageOf(grants.idsOf(caller.account.id), page, (id) => shownGrant(id, grants.get(id)))
}

async function retrieve(context: ServingContext, ctx: Context, id: string, scope: string): Promise<void> {
  const grant = await findOwn(context, ctx, id, scope)
  if (grant !== undefined) ctx.body = { data: shownGrant(id, grant) }
}

async function revoke(context: ServingContext, ctx: Context, id: string, scope: string): Promise<void> {
  const grant = await findOwn(context, ctx, id, scope)
  if (grant === undefined) return
  context.store.revokeGrant(id)
  ctx.body = { data: shownGrant(id, grant) }
}

async function findOwn(
  context: ServingContext,
  ctx: Context,
  id: string,
  scope: string,
): Promise<GrantRecord | undefined> {
  const declared = [404]
  const caller = await admit(context, ctx, declared, scope)
  if (caller === undefined) return undefined
  const grant = context.store.grants.get(id)
  if (grant?.accountId === caller.account.id) return grant
  refuse(context, ctx, declared, {
    status: 404,
    code: '10005',
    error: 'not_found',
    description: 'there is no such grant',
  })
  return undefined
}

function shownGrant(id: string, grant: GrantRecord | undefined): Readonly<Record<string, unknown>> {
  const { clientId, scopes, createdAtMs = 0, lastUsedAtMs } = grant ?? {}
  return {
    id,
    record_type: 'oauth_grant',
    client_id: clientId,
    scopes,
    created_at: new Date(createdAtMs).toISOString(),
    last_used_at: lastUsedAtMs === undefined ? null : new Date(lastUsedAtMs).toISOString(),
  }
}
