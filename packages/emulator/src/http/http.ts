import type Koa from 'koa'
import type { PathMatch } from '../endpoints.ts'
import type { RequestEntry } from '../request-log/request-log.ts'
import type { BufferedRequest } from './read-bodies.ts'

/** What the emulator's middleware knows about a request. */
export interface RequestState extends PathMatch {
  entry: RequestEntry
  /** Query and body parameters; of a JSON body the members that are strings. */
  params: Readonly<Record<string, string>>
  /** Parameters of the body alone: credentials and grants must not stand in a query (RFC 6749 section 2.3.1). */
  bodyParams: Readonly<Record<string, string>>
  /** A parameter that stands twice in a form. */
  repeated: string | undefined
  /** The body says that it is JSON and is not. */
  isMalformedJson: boolean
  /** The JSON body, parsed. `undefined` when there is none. */
  json: unknown
  /** The emulator asks itself: not logged, not held, not failed. */
  isInternal: boolean
}

export type Middleware = Koa.Middleware<RequestState>
export type Context = Parameters<Middleware>[0]

/** Whether a request reads: HEAD is GET without the body. */
export function isRead({ method }: Context): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** Gives the rest of the middleware another request to read. */
export function replaceRequest(ctx: Context, request: BufferedRequest): void {
  ctx.req = request
  ctx.request.req = request
  ctx.response.req = request
}
