import type { ServingContext } from '../context.ts'
import type { Context } from '../http/http.ts'
import type { Principal } from '../resources/bearer.ts'
import type { ClientRecord } from '../store/client-record.ts'
import { applyClientChange, type ClientBody, clientOfBody, shownClient } from './client-body.ts'
import { matchesClient, readClientFilter } from './client-filter.ts'
import { checkClientBody } from './client-rules.ts'
import { pageOf, readPageQuery } from './pages.ts'
import { admit, refuse } from './refuse.ts'
import type { ManagementRoutes, Tools } from './route.ts'

/** OAuth clients: list, create, retrieve, update, delete. */
export function clientRoutes(context: ServingContext, tools: Tools): ManagementRoutes {
  const { read, write } = context.options.rules.managementScopes
  return [
    ['GET', '/v2/oauth_clients', (ctx) => list(context, ctx, read)],
    ['POST', '/v2/oauth_clients', (ctx) => create(context, tools, ctx, write)],
    ['GET', '/v2/oauth_clients/:id', (ctx, id) => retrieve(context, ctx, id, read)],
    ['PUT', '/v2/oauth_clients/:id', (ctx, id) => update(context, tools, ctx, id, write)],
    ['DELETE', '/v2/oauth_clients/:id', (ctx, id) => remove(context, ctx, id, write)],
  ]
}

async function list(context: ServingContext, ctx: Context, scope: string): Promise<void> {
  const caller = await admit(context, ctx, [401], scope)
  if (caller === undefined) return
  const page = readPageQuery(ctx.state.params)
  const filter = readClientFilter(ctx.state.params)
  const wrong = typeof page === 'string' ? page : typeof filter === 'string' ? filter : undefined
  if (typeof page === 'string' || typeof filter === 'string') {
    refuse(context, ctx, [401], {
      status: 400,
      code: '10015',
      error: 'invalid_request',
      description: `the parameter ${wrong} is not valid`,
      parameter: String(wrong),
    })
    return
  }
  const own: ClientRecord[] = []
  for (const record of context.store.clients.values()) {
    if (isOwn(record, caller) && matchesClient(record, filter)) own.push(record)
  }
  ctx.body = pageOf(own.reverse(), page, (record) => shownClient(record, context.options.rules.scopes))
}

async function create(context: ServingContext, tools: Tools, ctx: Context, scope: string): Promise<void> {
  const declared = [400, 401, 422]
  const caller = await admit(context, ctx, declared, scope)
  if (caller === undefined) return
  const { json } = ctx.state
  if (typeof json !== 'object' || json === null) {
    refuse(context, ctx, declared, {
      status: 400,
      code: '10015',
      error: 'invalid_request',
      description: 'the body must be a JSON object',
    })
    return
  }
  const violation = checkClientBody(context, tools.schemas, 'createClient', json)
  if (violation !== undefined) {
    refuse(context, ctx, declared, {
      status: 422,
      code: '10027',
      error: 'invalid_client_metadata',
      ...violation,
    })
    return
  }
  const record = clientOfBody(json as ClientBody, caller.account, context.store.rules.now())
  context.store.clients.set(record.client_id, record)
  ctx.status = 201
  ctx.body = { data: shownClient(record, context.options.rules.scopes, { withSecret: true }) }
}

async function retrieve(context: ServingContext, ctx: Context, id: string, scope: string): Promise<void> {
  const record = await findOwn(context, ctx, id, scope, [404])
  if (record !== undefined) ctx.body = { data: shownClient(record, context.options.rules.scopes) }
}

async function update(
  context: ServingContext,
  tools: Tools,
  ctx: Context,
  id: string,
  scope: string,
): Promise<void> {
  const declared = [404, 422]
  const record = await findOwn(context, ctx, id, scope, declared)
  if (record === undefined) return
  const violation = checkClientBody(context, tools.schemas, 'updateClient', ctx.state.json, record)
  if (violation !== undefined) {
    refuse(context, ctx, declared, {
      status: 422,
      code: '10027',
      error: 'invalid_client_metadata',
      ...violation,
    })
    return
  }
  const changed = applyClientChange(record, ctx.state.json as Partial<ClientBody>, context.store.rules.now())
  context.store.clients.set(changed.client_id, changed)
  ctx.body = { data: shownClient(changed, context.options.rules.scopes) }
}

async function remove(context: ServingContext, ctx: Context, id: string, scope: string): Promise<void> {
  const record = await findOwn(context, ctx, id, scope, [404])
  if (record === undefined) return
  context.store.removeClient(record.client_id)
  ctx.status = 204
}

async function findOwn(
  context: ServingContext,
  ctx: Context,
  id: string,
  scope: string,
  declared: readonly number[],
): Promise<ClientRecord | undefined> {
  const caller = await admit(context, ctx, declared, scope)
  if (caller === undefined) return undefined
  const record = context.store.clients.get(id)
  if (record !== undefined && isOwn(record, caller)) return record
  refuse(context, ctx, declared, {
    status: 404,
    code: '10005',
    error: 'not_found',
    description: 'there is no such OAuth client',
  })
  return undefined
}

function isOwn(record: ClientRecord, { account }: Principal): boolean {
  return !record.anonymous && record.user_id === account.id
}
