import { type IncomingHttpHeaders, IncomingMessage, type ServerResponse } from 'node:http'
import type Koa from 'koa'
import type { PathMatch } from '../endpoints.ts'
import type { RequestEntry } from '../request-log/request-log.ts'

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

/** A request whose body was read already, and can be read once more. */
export interface BufferedRequest extends IncomingMessage {
  readonly bodyBytes: Buffer
  /** See `RequestState`. */
  readonly isInternal?: boolean
}

export type RequestHandler = (request: BufferedRequest, response: ServerResponse) => Promise<void>

const LARGEST_BODY_BYTES = 1024 * 1024

/** Reads each request's body before it hands the request on. */
export function readBodies(
  handle: RequestHandler,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const body = await readBody(request).catch(() => undefined)
    if (body === undefined) {
      // The client went away, or sent more than any OAuth request could be.
      response.writeHead(413, { connection: 'close' }).end()
      return
    }
    await handle(withBody(request, body), response)
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LARGEST_BODY_BYTES) throw new RangeError('request body too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/**
 * The same request with another body, unread, and other headers where they are named.
 *
 * The log needs `grant_type` and `client_id` before oidc-provider sees the request, and oidc-provider insists on
 * reading the stream itself (it prints a notice when the body was parsed already). So it gets a fresh stream.
 */
export function withBody(
  request: IncomingMessage,
  body: Buffer,
  changed: Readonly<Record<string, string | undefined>> = {},
): BufferedRequest {
  const copy = new IncomingMessage(request.socket)
  copy.httpVersion = request.httpVersion
  copy.httpVersionMajor = request.httpVersionMajor
  copy.httpVersionMinor = request.httpVersionMinor
  copy.method = request.method ?? 'GET'
  copy.url = request.url ?? '/'
  copy.rawHeaders = request.rawHeaders
  const { 'transfer-encoding': _, ':authority': authority, ...sent } = request.headers
  // HTTP/2 has pseudo-headers in place of the request line and of Host; the path among them holds codes.
  const named = Object.fromEntries(Object.entries(sent).filter(([name]) => !name.startsWith(':')))
  const headers: IncomingHttpHeaders = { ...named, ...(authority && { host: String(authority) }), ...changed }
  if (body.length > 0 || headers['content-length'] !== undefined)
    headers['content-length'] = String(body.length)
  copy.headers = headers
  copy.complete = true
  if (body.length > 0) copy.push(body)
  copy.push(null)
  return Object.assign(copy, { bodyBytes: body })
}

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
