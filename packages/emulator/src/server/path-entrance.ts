import type { IncomingMessage, ServerResponse } from 'node:http'
import { type RequestHandler, readBodies } from '../http/read-bodies.ts'
import type { Entrance } from './entrance.ts'

/** A path on the origin of an app, whose server hands the requests over. */
export interface PathEntrance extends Entrance {
  /** Names the origin to tell users. Requests decide for themselves. */
  setOrigin(origin: string): void
  /** Whether a URL belongs to the emulator. */
  includes(url: string | undefined): boolean
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
}

/** A slash in front, none at the end. */
const PATH = /^(\/[\w~-][\w.~-]*)+$/
const INSERTED =
  /^(\/\.well-known\/(?:oauth-authorization-server|openid-configuration|oauth-protected-resource))(\/.*)$/

/** @throws {TypeError} when it is no path */
export function createPathEntrance(path: string): PathEntrance {
  if (typeof path !== 'string' || !PATH.test(path))
    throw new TypeError(
      `telnyxOAuthEmulator: the option "path" must be a path like "/telnyx", without a slash at the end; got ${JSON.stringify(path)}`,
    )
  let ownOrigin = 'http://localhost'
  let respond: RequestHandler | undefined

  return {
    url: () => `${ownOrigin}${path}`,
    issuerOf: (request) => `${request === undefined ? ownOrigin : originOf(request, ownOrigin)}${path}`,
    setOrigin(origin) {
      ownOrigin = origin
    },
    includes: (url) => withoutPath(url ?? '/', path) !== undefined,
    async open(handle) {
      respond = handle
    },
    async close() {
      respond = undefined
    },
    async handle(request, response) {
      request.url = withoutPath(request.url ?? '/', path) ?? '/'
      if (respond !== undefined) await readBodies(respond)(request, response)
    },
  }
}

/**
 * The URL as the emulator's table of paths has it; `undefined` for one of the app. Metadata are found where the path
 * of the issuer stands behind the well-known part, too.
 *
 * @see RFC 8414 section 3.1
 */
function withoutPath(url: string, path: string): string | undefined {
  const [pathname = '', ...query] = url.split('?')
  const search = query.length === 0 ? '' : `?${query.join('?')}`
  const [, wellKnown = '', rest = pathname] = INSERTED.exec(pathname) ?? []
  if (rest !== path && !rest.startsWith(`${path}/`)) return undefined
  return `${wellKnown}${rest.slice(path.length)}${search}`.replace(/^(?=\?|$)/, '/')
}

/** The origin that the browser shows: a proxy names it, or the host of the request does. */
function originOf({ headers, socket }: IncomingMessage, fallback: string): string {
  const protocol = first(headers['x-forwarded-proto']) ?? ('encrypted' in socket ? 'https' : 'http')
  const host = first(headers['x-forwarded-host']) ?? headers.host ?? first(headers[':authority'])
  const origin = `${protocol}://${host}`
  return host !== undefined && URL.canParse(origin) && /^https?$/.test(protocol)
    ? new URL(origin).origin
    : fallback
}

function first(header: string | string[] | undefined): string | undefined {
  return [header].flat()[0]?.split(',')[0]?.trim()
}
