// Imports no type of Koa: whoever uses the emulator has none.
import { type IncomingHttpHeaders, IncomingMessage, type ServerResponse } from 'node:http'

/** A request whose body was read already, and can be read once more. */
export interface BufferedRequest extends IncomingMessage {
  readonly bodyBytes: Buffer
  /** The emulator asks itself: not logged, not held, not failed. */
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
