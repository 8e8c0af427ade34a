import type { Context, Middleware } from '../http/http.ts'
import { changeIdToken, type SigningKey } from '../tokens/keys.ts'
import { changesJson, changesResponse, type Fault, type Faults } from './faults.ts'

/** Plays the faults that are queued. */
export function faultMiddleware(faults: Faults, idTokenKey: SigningKey): Middleware {
  return async (ctx, next) => {
    const before = faults.take(ctx.state.entry, 'before')
    if (before !== undefined && (await play(ctx, before, faults, idTokenKey))) return
    await next()
    const after = faults.take(ctx.state.entry, 'after')
    if (after !== undefined) await play(ctx, after, faults, idTokenKey)
  }
}

/** @returns whether the fault was the answer */
async function play(ctx: Context, fault: Fault, faults: Faults, idTokenKey: SigningKey): Promise<boolean> {
  await faults.delay(fault)
  if (fault.drop === true) {
    cutConnection(ctx)
    return true
  }
  if (changesResponse(fault)) await changeResponse(ctx, fault, idTokenKey)
  else if (fault.status === undefined && fault.body === undefined && fault.drop === undefined) return false
  else replaceAnswer(ctx, fault)
  if (fault.drop === 'mid-body') cutInTheMiddle(ctx)
  return true
}

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
  ctx.set({ ...fault.headers })
}

async function changeResponse(ctx: Context, fault: Fault, idTokenKey: SigningKey): Promise<void> {
  const { status, headers, cors } = fault
  if (changesJson(fault)) ctx.body = await changeJson(ctx.body, fault, idTokenKey)
  if (status !== undefined) ctx.status = status
  if (cors === false) removeHeaders(ctx, (name) => name.startsWith('access-control-'))
  ctx.set({ ...headers })
}

async function changeJson(
  body: unknown,
  { members, omit = [], idTokenClaims }: Fault,
  idTokenKey: SigningKey,
): Promise<Readonly<Record<string, unknown>>> {
  const changed: Record<string, unknown> = { ...(typeof body === 'object' ? body : {}), ...members }
  if (idTokenClaims !== undefined)
    changed.id_token = await changeIdToken(changed.id_token, idTokenClaims, idTokenKey)
  for (const name of omit) delete changed[name]
  return changed
}

function removeHeaders(ctx: Context, isMeant: (name: string) => boolean): void {
  for (const name of Object.keys(ctx.response.headers)) if (isMeant(name)) ctx.remove(name)
}

function cutConnection(ctx: Context): void {
  ctx.respond = false
  ctx.state.entry.dropped = true
  ctx.req.socket.destroy()
}

function cutInTheMiddle(ctx: Context): void {
  const { body } = ctx
  const text = Buffer.from(
    typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body ?? ''),
  )
  ctx.respond = false
  ctx.state.entry.dropped = true
  ctx.res.statusCode = ctx.status
  ctx.res.setHeader('content-length', text.length + 1)
  ctx.res.write(text.subarray(0, Math.ceil(text.length / 2)), () => ctx.req.socket.destroy())
}
