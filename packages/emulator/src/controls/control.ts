import { isEndpointName } from '../endpoints.ts'
import type { Context, Middleware } from '../http/http.ts'
import type { EmulatorAccount } from '../options/accounts.ts'
import type { RequestFilter } from '../request-log/request-log.ts'
import type { ClientSeed } from '../store/client-record.ts'
import type { Controls } from './controls.ts'
import type { Fault } from './faults.ts'
import type { Hold, HoldOptions } from './holds.ts'
import type { ChangeableDocument } from './metadata-changes.ts'
import type { StepUp } from './step-ups.ts'

type Action = (controls: Controls, ctx: Context, holds: Map<string, Hold>) => unknown

const ACTIONS: Readonly<Record<string, Action>> = {
  'GET ': (controls) => ({ issuer: controls.issuer, accounts: controls.accounts.map(withoutKeys) }),
  'GET requests': (controls, ctx) => controls.requests(filterOf(ctx)),
  'DELETE requests': (controls) => controls.clearRequests(),
  'GET requests/next': (controls, ctx) => controls.waitForRequest(filterOf(ctx)),
  'GET grants': (controls) => controls.grants,
  'POST expire': (controls, ctx) => ({
    expired: controls.expireAccessTokens(ctx.state.json === undefined ? {} : bodyOf(ctx)),
  }),
  'POST revoke': (controls, ctx) => ({ revoked: controls.revokeGrant(String(bodyOf(ctx).grantId)) }),
  'POST clients': (controls, ctx) => controls.addClient(clientOf(bodyOf(ctx))),
  'POST seed': (controls, ctx) => controls.seed(bodyOf(ctx)),
  'POST reset': (controls) => controls.reset(),
  'POST fail': (controls, ctx) => {
    const { endpoint, ...fault } = bodyOf(ctx)
    controls.fail(endpointOf(endpoint), fault as Fault)
  },
  'POST metadata': (controls, ctx) => {
    const { endpoint, members } = bodyOf(ctx)
    controls.changeMetadata(endpoint as ChangeableDocument, objectOf(members))
  },
  'POST step-up': (controls, ctx) => {
    const { endpoint, ...stepUp } = bodyOf(ctx)
    controls.requireStepUp(endpointOf(endpoint), stepUp as StepUp)
  },
  'POST hold': (controls, ctx, holds) => {
    const { endpoint, ...options } = bodyOf(ctx)
    const id = String(holds.size + 1)
    holds.set(id, controls.hold(endpointOf(endpoint), options as HoldOptions))
    return { id }
  },
  'GET hold': (_controls, ctx, holds) => holdOf(ctx, holds).arrived,
  'POST release': (_controls, ctx, holds) => holdOf(ctx, holds).release(),
}

/** The emulator's controls at `/__emulator/…`, for test runners in another process or in the browser. */
export function controlRoutes(controls: Controls): Middleware {
  const holds = new Map<string, Hold>()
  return async (ctx, next) => {
    if (ctx.state.endpoint !== 'control') return next()
    const action = ACTIONS[`${ctx.method} ${ctx.path.replace(/^\/__emulator\/?/, '')}`]
    if (action === undefined) {
      answer(ctx, 404, { error: `no such control; there are: ${Object.keys(ACTIONS).join(', ')}` })
      return
    }
    try {
      answer(ctx, 200, (await action(controls, ctx, holds)) ?? {})
    } catch (error) {
      answer(ctx, 400, { error: error instanceof Error ? error.message : String(error) })
    }
  }
}

function answer(ctx: Context, status: number, body: unknown): void {
  ctx.status = status
  ctx.body = body
}

function bodyOf(ctx: Context): Readonly<Record<string, unknown>> {
  return objectOf(ctx.state.json, 'a JSON object is expected as body')
}

function objectOf(value: unknown, rule = '"members" must be an object'): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError(rule)
  return value as Readonly<Record<string, unknown>>
}

function endpointOf(value: unknown): Parameters<Controls['fail']>[0] {
  if (!isEndpointName(value))
    throw new TypeError('"endpoint" must be the name of an endpoint, "token" for example')
  return value
}

function clientOf(body: Readonly<Record<string, unknown>>): ClientSeed {
  const { clientId, name } = body
  if (typeof clientId !== 'string' || typeof name !== 'string')
    throw new TypeError('"clientId" and "name" must be strings')
  return { ...body, clientId, name }
}

function holdOf(ctx: Context, holds: Map<string, Hold>): Hold {
  const hold = holds.get(ctx.state.params.id ?? '')
  if (hold === undefined) throw new TypeError('"id" must be the id of a hold')
  return hold
}

function filterOf(ctx: Context): RequestFilter {
  const { endpoint, grant, method, clientId, path, status } = ctx.state.params
  return {
    endpoint: endpoint === undefined ? undefined : endpointOf(endpoint),
    grant,
    method,
    clientId,
    path,
    status: status === undefined ? undefined : Number(status),
  }
}

function withoutKeys({ id, name, email }: EmulatorAccount): Pick<EmulatorAccount, 'id' | 'name' | 'email'> {
  return { id, name, email }
}
