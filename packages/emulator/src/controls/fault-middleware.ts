import { constants, type Http2ServerResponse } from 'node:http2'
import type { Context, Middleware } from '../http/http.ts'
import { changeIdToken, type SigningKey } from '../tokens/keys.ts'
import { changesJson, changesResponse, type Fault, type Faults } from './faults.ts'

/** Plays the faults that are queued. */
export function faultMiddleware(faults: Faults, idTokenKey: SigningKey): Middleware {
  return async (ctx, next) => {
    const due = faults.take(ctx.state.entry)
    if (due?.when === 'before' && (await play(ctx, due.begin(), faults, idTokenKey))) return
    await next()
    if (due?.when === 'after') await play(ctx, due.begin(), faults, idTokenKey)
  }
}

/** @returns whether the fault was the answer */
async function play(ctx: Context, fault: Fault, faults: Faults, idTokenKey: SigningKey): Promise<boolean> {
  await faults.delay(fault)
  if (fault.drop === true) {
    markDropped(ctx)
    cutConnection(ctx)
    return true
  }
  if (changesResponse(fault)) await changeResponse(ctx, fault, idTokenKey)
  else if (fault.status === undefined && fault.body === undefined && fault.drop === undefined) return false
  else replaceAnswer(ctx, fault)
  if (fault.drop === 'mid-body') cutInTheMiddle(ctx)
  return true
}

/** Browsers keep some statuses, 301 and 410 among them, for later requests: those must reach the server. */
const UNCACHED = { 'cache-control': 'no-store' }

function replaceAnswer(ctx: Context, fault: Fault): void {
  removeHeaders(
    ctx,
    (name) => fault.cors === false || !(name.startsWith('access-control-') || name === 'vary'),
  )
  ctx.status = fault.status ?? 200
  ctx.body =
    typeof fault.body === 'string' || fault.body === undefined
      ? (fault.body ?? '')
      : JSON.stringify(fault.body)
  if (typeof fault.body !== 'string' && fault.body !== undefined) ctx.type = 'json'
  ctx.set({ ...UNCACHED, ...fault.headers })
}

async function changeResponse(ctx: Context, fault: Fault, idTokenKey: SigningKey): Promise<void> {
  const { status, headers, cors } = fault
  if (changesJson(fault)) ctx.body = await changeJson(ctx.body, fault, idTokenKey)
  if (status !== undefined) ctx.status = status
  if (cors === false) removeHeaders(ctx, (name) => name.startsWith('access-control-'))
  ctx.set({ ...UNCACHED, ...headers })
}

async function changeJson(
  body: unknown,
  { members, omit = [], idTokenClaims }: Fault,
  idTokenKey: SigningKey,
): Promise<Readonly<Record<string, unknown>>> {
  const changed: Record<string, unknown> = { ...(typeof body === 'object' ? body : {}), ...members }
  if (idTokenClaims !== undefined && typeof changed.id_token === 'string')
    changed.id_token = await changeIdToken(changed.id_token, idTokenClaims, idTokenKey)
  for (const name of omit) delete changed[name]
  return changed
}

function removeHeaders(ctx: Context, isMeant: (name: string) => boolean): void {
  for (const name of Object.keys(ctx.response.headers)) if (isMeant(name)) ctx.remove(name)
}

function markDropped(ctx: Context): void {
  ctx.respond = false
  ctx.state.entry.dropped = true
}

/**
 * The beginning of a response that browsers refuse, for its two locations. They repeat a request, a POST too, if a
 * connection that was used before ends without a byte. Other clients see headers without an end: a closed connection.
 */
const REFUSED_HEADERS = 'HTTP/1.1 200 OK\r\nlocation: /a\r\nlocation: /b\r\n'

function cutConnection({ req, res }: Context): void {
  if ('stream' in res) return cutStream(res)
  req.socket.write(REFUSED_HEADERS)
  req.socket.destroySoon()
}

/**
 * Ends one stream of HTTP/2: the connection carries other requests, and Chromium would repeat all of them. Firefox
 * repeats a request whose stream ends with INTERNAL_ERROR.
 */
function cutStream(response: unknown): void {
  const { stream } = response as Http2ServerResponse
  stream.close(constants.NGHTTP2_CANCEL)
}

function cutInTheMiddle(ctx: Context): void {
  const { body, req, res } = ctx
  const text = Buffer.from(
    typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body ?? ''),
  )
  markDropped(ctx)
  res.statusCode = ctx.status
  res.setHeader('content-length', text.length + 1)
  const cut = 'stream' in res ? () => cutStream(res) : () => req.socket.destroy()
  res.write(text.subarray(0, Math.ceil(text.length / 2)), cut)
}
