import { setTimeout as delay } from 'node:timers/promises'
import type { EndpointName } from './endpoints.ts'
import type { Middleware } from './http.ts'
import { matchesRequest, type RequestEntry } from './request-log.ts'

/** Before the server processes a request, or after it did and before it answers. */
export type Moment = 'before' | 'after'

/** What goes wrong with the next requests to an endpoint. */
export interface Fault {
  /** `before`: nothing was processed. `after`: it was, and only the answer is lost or replaced. @default 'before' */
  readonly when?: Moment
  /** Status of the answer. Without it, `body` and `drop`, the request is only delayed. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Body: text as it is (HTML, truncated JSON), anything else as JSON. @default '' */
  readonly body?: unknown
  /** Waits before it goes on, in milliseconds. @default 0 */
  readonly delayMs?: number
  /** Cuts the connection, at once or in the middle of the body. @default false */
  readonly drop?: boolean | 'mid-body'
  /** Whether the answer carries CORS headers; gateways in front of a server often send none. @default true */
  readonly cors?: boolean
  /** How many requests it happens to. @default 1 */
  readonly times?: number
  /** Only token requests of this `grant_type`. */
  readonly grant?: string
  readonly clientId?: string
}

/** A queued fault. */
export interface QueuedFault {
  /** Requests it will still happen to. */
  readonly remaining: number
  remove(): void
}

export interface Faults {
  add(endpoint: EndpointName, fault: Fault): QueuedFault
  /** Takes the fault that is due for this request, if any. */
  take(entry: RequestEntry, moment: Moment): Fault | undefined
  clear(): void
}

export function createFaults(): Faults {
  let queue: { endpoint: EndpointName; fault: Fault; left: number }[] = []

  return {
    add(endpoint, fault) {
      const queued = { endpoint, fault, left: fault.times ?? 1 }
      queue.push(queued)
      return {
        get remaining() {
          return queued.left
        },
        remove() {
          queued.left = 0
        },
      }
    },
    take(entry, moment) {
      queue = queue.filter(({ left }) => left > 0)
      const due = queue.find(
        ({ endpoint, fault: { when = 'before', grant, clientId } }) =>
          when === moment && matchesRequest(entry, { endpoint, grant, clientId }),
      )
      if (due === undefined) return undefined
      due.left -= 1
      return due.fault
    },
    clear() {
      queue = []
    },
  }
}

type Context = Parameters<Middleware>[0]

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
