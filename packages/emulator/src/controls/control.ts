import type { EndpointName } from '../endpoints.ts'
import type { Context, Middleware } from '../http/http.ts'
import type { BufferedRequest } from '../http/read-bodies.ts'
import type { EmulatorAccount } from '../options/accounts.ts'
import type { ControlAccess } from '../options/options.ts'
import { check, object, record, type Schema, text } from '../options/schema.ts'
import type { RequestFilter } from '../request-log/request-log.ts'
import type { ClientSeed } from '../store/client-record.ts'
import { controlRefusal } from './control-access.ts'
import type { Controls } from './controls.ts'
import type { Fault } from './faults.ts'
import type { Hold, HoldOptions } from './holds.ts'
import type { ChangeableDocument } from './metadata-changes.ts'
import type { StepUp } from './step-ups.ts'

const revocation: Schema<{ readonly grantId: string }> = object({ grantId: text })
const nothingElse: Schema<object> = object({})

type Action = (controls: Controls, ctx: Context, holds: Map<string, Hold>) => unknown

const ACTIONS: Readonly<Record<string, Action>> = {
  'GET ': (controls) => ({ issuer: controls.issuer, accounts: controls.accounts.map(withoutKeys) }),
  'GET requests': (controls, ctx) => controls.requests(filterOf(ctx)),
  'DELETE requests': (controls, ctx) => controls.clearRequests(filterOf(ctx)),
  'GET requests/next': (controls, ctx) => controls.waitForRequest(filterOf(ctx)),
  'GET grants': (controls) => controls.grants,
  'POST expire': (controls, ctx) => ({ expired: controls.expireAccessTokens(bodyOf(ctx)) }),
  'POST revoke': (controls, ctx) => {
    const body = bodyOf(ctx)
    check(revocation, body, 'revoke')
    return { revoked: controls.revokeGrant(body.grantId) }
  },
  'POST clients': (controls, ctx) => controls.addClient(bodyOf(ctx) as unknown as ClientSeed),
  'POST seed': (controls, ctx) => controls.seed(bodyOf(ctx)),
  'POST reset': (controls) => controls.reset(),
  'POST fail': (controls, ctx) => {
    const { endpoint, ...fault } = bodyOf(ctx)
    controls.fail(endpoint as EndpointName, fault as Fault)
  },
  'POST metadata': (controls, ctx) => {
    const { endpoint, members, ...others } = bodyOf(ctx)
    check(nothingElse, others, 'metadata')
    controls.changeMetadata(endpoint as ChangeableDocument, members as Readonly<Record<string, unknown>>)
  },
  'POST step-up': (controls, ctx) => {
    const { endpoint, ...stepUp } = bodyOf(ctx)
    controls.requireStepUp(endpoint as EndpointName, stepUp as StepUp)
  },
  'POST hold': (controls, ctx, holds) => {
    const { endpoint, ...options } = bodyOf(ctx)
    const id = String(holds.size + 1)
    holds.set(id, controls.hold(endpoint as EndpointName, options as HoldOptions))
    return { id }
  },
  'GET hold': (_controls, ctx, holds) => holdOf(ctx, holds).arrived,
  'POST release': (_controls, ctx, holds) => holdOf(ctx, holds).release(),
}

/** Actions that read their query. */
const WITH_QUERY: ReadonlySet<string> = new Set([
  'GET requests',
  'DELETE requests',
  'GET requests/next',
  'GET hold',
  'POST release',
])

/** The emulator's controls at `/__emulator/…`, for test runners in another process or in the browser. */
export function controlRoutes(
  controls: Controls,
  access: ControlAccess,
  holds: Map<string, Hold>,
): Middleware {
  return async (ctx, next) => {
    if (ctx.state.endpoint !== 'control') return next()
    const refusal = controlRefusal(ctx, access)
    if (refusal !== undefined) {
      answer(ctx, 403, { error: refusal })
      return
    }
    const name = `${ctx.method} ${ctx.path.replace(/^\/__emulator\/?/, '')}`
    const action = ACTIONS[name]
    if (action === undefined) {
      answer(ctx, 404, { error: `no such control; there are: ${Object.keys(ACTIONS).join(', ')}` })
      return
    }
    try {
      if (!WITH_QUERY.has(name)) check(nothingElse, queryOf(ctx), 'control')
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

/** An empty body is an empty object. @throws {TypeError} when the body is anything but a JSON object */
function bodyOf(ctx: Context): Readonly<Record<string, unknown>> {
  const { bodyBytes } = ctx.req as BufferedRequest
  if (bodyBytes.length === 0) return {}
  const { json } = ctx.state
  if (!/^application\/json\b/i.test(ctx.get('Content-Type')))
    throw new TypeError('the content type must be application/json')
  if (json === undefined) throw new TypeError('the body is not valid JSON')
  check(record, json, 'control', () => 'the body')
  return json
}

function holdOf(ctx: Context, holds: Map<string, Hold>): Hold {
  const { id = '', ...others } = queryOf(ctx)
  check(nothingElse, others, 'control')
  const hold = holds.get(id)
  if (hold === undefined) throw new TypeError('"id" must be the id of a hold')
  return hold
}

/** @throws {TypeError} when a member stands there twice */
function queryOf(ctx: Context): Readonly<Record<string, string>> {
  const query = new URLSearchParams(ctx.querystring)
  const names = [...query.keys()]
  const repeated = names.find((name, index) => names.indexOf(name) !== index)
  if (repeated !== undefined) throw new TypeError(`control: "${repeated}" is repeated in the query`)
  return Object.fromEntries(query)
}

/** The query as a filter, which the control itself checks. */
function filterOf(ctx: Context): RequestFilter {
  const { status, ...others } = queryOf(ctx)
  return { ...others, ...(status === undefined ? {} : { status: Number(status) }) } as RequestFilter
}

function withoutKeys({ id, name, email }: EmulatorAccount): Pick<EmulatorAccount, 'id' | 'name' | 'email'> {
  return { id, name, email }
}
