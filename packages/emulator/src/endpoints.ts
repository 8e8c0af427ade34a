/**
 * Every path of the emulator, by the endpoint names that the request log, faults and holds use. `:id` stands for one
 * segment, `/*` for any rest; a method in front makes a path one of this endpoint for that method only. Routes, metadata and oidc-provider take their paths from here.
 */
export const PATHS = {
  home: ['/'],
  metadata: [
    '/.well-known/oauth-authorization-server',
    '/v2/.well-known/oauth-authorization-server',
    '/.well-known/openid-configuration',
    '/v2/.well-known/openid-configuration',
  ],
  'resource-metadata': [
    '/.well-known/oauth-protected-resource/*',
    '/v2/.well-known/oauth-protected-resource/*',
  ],
  authorize: ['/v2/oauth/authorize'],
  'authorize-resume': ['/v2/oauth/authorize/:id'],
  'sign-in': ['/sign-in/:id'],
  token: ['/v2/oauth/token'],
  jwks: ['/v2/oauth/jwks'],
  introspect: ['/v2/oauth/introspect'],
  register: ['/v2/oauth/register'],
  revoke: ['/v2/oauth/revoke'],
  par: ['/v2/oauth/par'],
  'end-session': ['/v2/oauth/logout'],
  consent: ['/v2/oauth/consent/:id', '/v2/oauth/grants'],
  clients: ['/v2/oauth_clients', '/v2/oauth_clients/:id', '/v2/oauth/clients', '/v2/oauth/clients/:id'],
  grants: ['/v2/oauth_grants', '/v2/oauth_grants/:id', 'GET /v2/oauth/grants', '/v2/oauth/grants/:id'],
  balance: ['/v2/balance'],
  'phone-numbers': ['/v2/phone_numbers'],
  'telephony-credentials': ['/v2/telephony_credentials', '/v2/telephony_credentials/:id/token'],
  mcp: ['/v2/mcp'],
  control: ['/__emulator/*'],
} as const

type Paths = typeof PATHS

/** An endpoint of the emulator. */
export type EndpointName = keyof Paths | 'unknown'

/** Paths of the newer documentation, and the paths that they stand for. */
export const ALIASES: Readonly<Partial<Record<PathTemplate, PathTemplate>>> = {
  '/v2/oauth/clients': '/v2/oauth_clients',
  '/v2/oauth/clients/:id': '/v2/oauth_clients/:id',
  'GET /v2/oauth/grants': '/v2/oauth_grants',
  '/v2/oauth/grants/:id': '/v2/oauth_grants/:id',
}

/** A path as the table writes it. */
export type PathTemplate = Paths[keyof Paths][number]

/** The endpoint that a path belongs to. */
export interface PathMatch {
  readonly endpoint: EndpointName
  /** `undefined` for a path that is in no table. */
  readonly template: PathTemplate | undefined
  /** The segment that stands for `:id`, decoded. @default '' */
  readonly id: string
}

const PATTERNS: readonly (readonly [keyof Paths, PathTemplate, RegExp])[] = (
  Object.entries(PATHS) as [keyof Paths, readonly PathTemplate[]][]
)
  .flatMap(([name, templates]) => templates.map((template) => [name, template, patternOf(template)] as const))
  // Those with a method first: the same path may belong to another endpoint by other methods.
  .sort(([, left], [, right]) => Number(right.includes(' ')) - Number(left.includes(' ')))

function patternOf(template: string): RegExp {
  const pattern = template.replaceAll('.', '\\.').replace('/*', '(?:/.*)?').replace(':id', '([^/]+)')
  return new RegExp(pattern.includes(' ') ? `^${pattern}$` : `^\\S* ${pattern}$`)
}

/** Finds a path in the table. Case and a trailing slash count. */
export function matchPath(path: string, method = ''): PathMatch {
  const request = `${method === 'HEAD' ? 'GET' : method} ${path}`
  for (const [endpoint, template, pattern] of PATTERNS) {
    const match = pattern.exec(request)
    if (match !== null) return { endpoint, template, id: decode(match[1] ?? '') }
  }
  return { endpoint: 'unknown', template: undefined, id: '' }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** Names of all endpoints. */
export const ENDPOINT_NAMES: readonly EndpointName[] = [...(Object.keys(PATHS) as (keyof Paths)[]), 'unknown']
