import { randomUUID } from 'node:crypto'
import type { EmulatorContext } from '../context.ts'
import { matchPath } from '../endpoints.ts'
import type { Context, Middleware } from '../http/http.ts'
import { parseBody } from '../http/params.ts'
import type { BufferedRequest } from '../http/read-bodies.ts'
import { clientOf } from './client-of.ts'
import { redactHeaders, redactParams, redactPath } from './redact.ts'
import type { RequestEntry } from './request-log.ts'

/** Reads each request's parameters, and writes the request into the log when it arrives and when it is answered. */
export function logMiddleware(context: Pick<EmulatorContext, 'log' | 'store' | 'tokens'>): Middleware {
  const { log } = context
  return async (ctx, next) => {
    const { state, headers } = ctx
    const { bodyBytes, isInternal = false } = ctx.req as BufferedRequest
    const body = parseBody(bodyBytes, headers['content-type'] ?? '')
    Object.assign(state, matchPath(ctx.path, ctx.method))
    state.params = { ...Object.fromEntries(new URLSearchParams(ctx.querystring)), ...body.params }
    state.bodyParams = body.params
    state.repeated = body.repeated
    state.json = body.json
    state.isMalformedJson = body.isJson && body.json === undefined && bodyBytes.length > 0
    state.isInternal = isInternal
    ctx.set('X-Request-Id', randomUUID())
    if (state.endpoint === 'control') return next()

    const grant = state.endpoint === 'token' ? state.params.grant_type : undefined
    const start = isInternal ? unlogged : log.begin
    const entry = start({
      method: ctx.method,
      path: redactPath(ctx.path),
      endpoint: state.endpoint,
      atMs: Date.now(),
      headers: redactHeaders(headers),
      params: redactParams(state.params),
      ...(grant === undefined ? {} : { grant }),
      ...(headers.origin === undefined ? {} : { origin: headers.origin }),
    })
    state.entry = entry
    const clientId = await clientOf(context, ctx)
    if (clientId !== undefined) entry.clientId = clientId
    try {
      await next()
    } finally {
      if (!entry.dropped) entry.status = ctx.status
      const error = errorOf(ctx)
      if (error !== undefined) entry.error = error
      if (!isInternal) log.finish(entry)
    }
  }
}

function unlogged(entry: Omit<RequestEntry, 'id'>): RequestEntry {
  return { id: 0, ...entry }
}

function errorOf(ctx: Context): string | undefined {
  const { body } = ctx
  if (typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'string')
    return body.error
  const location = ctx.response.get('location')
  if (location === '' || !URL.canParse(location)) return undefined
  const { searchParams, hash } = new URL(location)
  // With `response_mode=fragment` the parameters stand behind the hash.
  return searchParams.get('error') ?? new URLSearchParams(hash.slice(1)).get('error') ?? undefined
}
