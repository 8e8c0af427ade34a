/** The endpoints of the emulator, by the names that the request log, faults and holds use. */
export type EndpointName =
  | 'metadata'
  | 'resource-metadata'
  | 'authorize'
  | 'authorize-resume'
  | 'sign-in'
  | 'token'
  | 'jwks'
  | 'introspect'
  | 'register'
  | 'revoke'
  | 'par'
  | 'end-session'
  | 'consent'
  | 'clients'
  | 'grants'
  | 'balance'
  | 'mcp'
  | 'control'
  | 'unknown'

const ENDPOINTS: readonly (readonly [EndpointName, RegExp])[] = [
  ['metadata', /^(\/v2)?\/\.well-known\/(oauth-authorization-server|openid-configuration)$/],
  ['resource-metadata', /^(\/v2)?\/\.well-known\/oauth-protected-resource(\/.*)?$/],
  ['authorize', /^\/v2\/oauth\/authorize$/],
  ['authorize-resume', /^\/v2\/oauth\/authorize\/[^/]+$/],
  ['sign-in', /^\/sign-in\/[^/]+$/],
  ['token', /^\/v2\/oauth\/token$/],
  ['jwks', /^\/v2\/oauth\/jwks$/],
  ['introspect', /^\/v2\/oauth\/introspect$/],
  ['register', /^\/v2\/oauth\/register$/],
  ['revoke', /^\/v2\/oauth\/revoke$/],
  ['par', /^\/v2\/oauth\/par$/],
  ['end-session', /^\/v2\/oauth\/logout$/],
  ['consent', /^\/v2\/oauth\/(consent\/[^/]+|grants)$/],
  ['clients', /^\/v2\/oauth_clients(\/[^/]+)?$/],
  ['grants', /^\/v2\/oauth_grants(\/[^/]+)?$/],
  ['balance', /^\/v2\/balance$/],
  ['mcp', /^\/v2\/mcp$/],
  ['control', /^\/__emulator(\/.*)?$/],
]

/** The name of the endpoint that answers a path. */
export function endpointOf(path: string): EndpointName {
  return ENDPOINTS.find(([, pattern]) => pattern.test(path))?.[0] ?? 'unknown'
}

const NAMES: ReadonlySet<string> = new Set([...ENDPOINTS.map(([name]) => name), 'unknown'])

export function isEndpointName(value: unknown): value is EndpointName {
  return typeof value === 'string' && NAMES.has(value)
}
