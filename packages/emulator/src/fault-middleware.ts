import { setTimeout as delay } from 'node:timers/promises'
import type { Fault, Faults } from './faults.ts'
import type { Context, Middleware } from './http.ts'

/** Plays the faults that are queued. `closing` ends every delay when the emulator stops. */
export function faultMiddleware(faults: Faults, closing: AbortSignal): Middleware {
  return async (ctx, next) => {
    const before = faults.take(ctx.state.entry, 'before')
    if (before !== undefined && (await play(ctx, before, closing))) return
    await next()
    const after = faults.take(ctx.state.entry, 'after')
    if (after !== undefined) await play(ctx, after, closing)
  }
}

/** @returns whether the fault was the answer */
async function play(ctx: Context, fault: Fault, closing: AbortSignal): Promise<boolean> {
  if (fault.delayMs) await delay(fault.delayMs, undefined, { signal: closing }).catch(() => {})
  if (fault.drop === true) {
    cutConnection(ctx)
    return true
  }
  if (fault.status === undefined && fault.body === undefined && fault.drop === undefined) return false
  replaceAnswer(ctx, fault)
  if (fault.drop === 'mid-body') cutInTheMiddle(ctx)
  return true
}

function replaceAnswer(ctx: Context, fault: Fault): void {
  for (const name of Object.keys(ctx.response.headers)) {
    const isCors = name.startsWith('access-control-') || name === 'vary'
    if (!isCors || fault.cors === false) ctx.remove(name)
  }
  ctx.status = fault.status ?? 200
  ctx.body =
    typeof fault.body === 'string' || fault.body === undefined
      ? (fault.body ?? '')
      : JSON.stringify(fault.body)
  if (typeof fault.body !== 'string' && fault.body !== undefined) ctx.type = 'json'
  ctx.set({ ...fault.headers })
}

function cutConnection(ctx: Context): void {
  ctx.respond = false
  ctx.state.entry.dropped = true
  ctx.req.socket.destroy()
}

function cutInTheMiddle(ctx: Context): void {
  const text = Buffer.from(typeof ctx.body === 'string' ? ctx.body : '')
  ctx.respond = false
  ctx.state.entry.dropped = true
  ctx.res.statusCode = ctx.status
  ctx.res.setHeader('content-length', text.length + 1)
  ctx.res.write(text, () => ctx.req.socket.destroy())
}
