import { keepSecret } from './overheard.ts'

/** One request that reached the server. */
export interface SeenRequest {
  readonly url: string
  readonly path: string
  readonly method: string
  readonly grant?: string
  readonly parameters: URLSearchParams
  readonly keepalive: boolean
  readonly authorization: string | null
  /** The DPoP proof. */
  readonly proof: string | null
  readonly headers: Readonly<Record<string, string>>
}

/** Decides what happens to one token request; `process` does what the server would have done. */
export type Script = (process: () => Response) => Response | Promise<Response>

/**
 * An authorization server and an API in a few lines: codes are good once, refresh tokens rotate, and whoever sends
 * a spent one loses the whole family. Shares no code with what it tests.
 */
export interface ModelServer {
  readonly fetch: typeof globalThis.fetch
  readonly issuer: string
  readonly requests: readonly SeenRequest[]
  /** Requests to the token endpoint, of one grant if named. */
  readonly tokenRequests: (grant?: 'refresh_token' | 'authorization_code') => readonly SeenRequest[]
  /** Scripts the next request to `path`, after those that were scripted before. */
  readonly script: (path: string, ...scripts: Script[]) => void
  /** What sign-in would put into the redirect: a code for the challenge of `authorizationUrl`. */
  readonly grant: (authorizationUrl: string) => string
  /** Ends every family, as an administrator would. */
  readonly revokeAll: () => void
  /** Whether the API accepts this access token. */
  readonly accepts: (accessToken: string) => boolean
}

/** How a {@link ModelServer} behaves. */
export interface ModelServerOptions {
  readonly lifetimeSeconds?: number
  readonly rotate?: boolean
  /** A spent refresh token gets the same answer again instead of ending the family. */
  readonly grace?: boolean
  readonly withoutRefreshToken?: boolean
  readonly metadata?: Readonly<Record<string, unknown>>
  /** Announces DPoP, and binds tokens that are asked for with a proof; it does not look into it. */
  readonly dpop?: boolean
}

interface Family {
  current: string
  dead: boolean
  scope: string
  readonly spent: Map<string, () => Response>
  readonly accessTokens: Set<string>
}

const issuer = 'https://api.telnyx.com'

export const json = (body: unknown, status: number = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })

export function createModelServer(options: ModelServerOptions = {}): ModelServer {
  const { lifetimeSeconds = 1800, rotate = true, grace = false, withoutRefreshToken = false } = options
  const requests: SeenRequest[] = []
  const scripts = new Map<string, Script[]>()
  const families: Family[] = []
  const codes = new Map<string, string>()
  let serial = 0
  let pushed = 0

  const answer = (family: Family, tokenType: string, scope = family.scope): Response => {
    serial += 1
    const accessToken = `access-${serial}`
    family.accessTokens.add(accessToken)
    if (rotate || !family.current) family.current = `refresh-${serial}`
    for (const token of [accessToken, family.current]) keepSecret(token)
    const body = {
      access_token: accessToken,
      token_type: tokenType,
      expires_in: lifetimeSeconds,
      scope,
      ...(!withoutRefreshToken && { refresh_token: family.current }),
    }
    return json(body)
  }

  const exchange = (parameters: URLSearchParams, tokenType: string): Response => {
    const code = parameters.get('code') ?? ''
    const scope = codes.get(code)
    codes.delete(code)
    if (scope === undefined) return json({ error: 'invalid_grant' }, 400)
    const family: Family = { current: '', dead: false, scope, spent: new Map(), accessTokens: new Set() }
    families.push(family)
    return answer(family, tokenType)
  }

  const renew = (parameters: URLSearchParams, tokenType: string): Response => {
    const token = parameters.get('refresh_token') ?? ''
    const family = families.find(({ current, spent }) => current === token || spent.has(token))
    const repeat = family?.spent.get(token)
    if (repeat && grace && !family?.dead) return repeat()
    if (!family || family.dead || repeat) {
      if (family) family.dead = true
      return json({ error: 'invalid_grant', error_description: 'grant request is invalid' }, 400)
    }
    const response = answer(family, tokenType, parameters.get('scope') ?? family.scope)
    if (rotate) family.spent.set(token, () => response.clone())
    return response.clone()
  }

  const accepts = (accessToken: string): boolean =>
    families.some(({ accessTokens, dead }) => !dead && accessTokens.has(accessToken))

  const process = (path: string, request: SeenRequest): Response => {
    if (path === '/.well-known/oauth-authorization-server') {
      return json({
        issuer,
        authorization_endpoint: `${issuer}/v2/oauth/authorize`,
        token_endpoint: `${issuer}/v2/oauth/token`,
        code_challenge_methods_supported: ['S256'],
        ...(options.dpop && { dpop_signing_alg_values_supported: ['ES256'] }),
        ...options.metadata,
      })
    }
    if (path === '/v2/oauth/token') {
      const tokenType = options.dpop && request.proof ? 'DPoP' : 'Bearer'
      return (request.grant === 'refresh_token' ? renew : exchange)(request.parameters, tokenType)
    }
    if (path === '/v2/oauth/par') {
      pushed += 1
      const reference = `urn:ietf:params:oauth:request_uri:${pushed}`
      return json({ request_uri: reference, expires_in: 60 }, 201)
    }
    if (path === '/v2/oauth/revoke') return new Response(null, { status: 200 })
    const token = request.authorization?.replace(request.proof ? 'DPoP ' : 'Bearer ', '') ?? ''
    return accepts(token)
      ? json({ data: { path } })
      : json({ errors: [{ code: '10009' }] }, 401, { 'www-authenticate': 'Bearer error="invalid_token"' })
  }

  return {
    issuer,
    requests,
    tokenRequests: (grant) =>
      requests.filter(({ path, grant: sent }) => path === '/v2/oauth/token' && (!grant || grant === sent)),
    script: (path, ...more) => scripts.set(path, [...(scripts.get(path) ?? []), ...more]),
    grant: (authorizationUrl) => {
      serial += 1
      const code = `code-${serial}`
      codes.set(code, new URL(authorizationUrl).searchParams.get('scope') ?? '')
      return code
    },
    revokeAll: () => {
      for (const family of families) family.dead = true
    },
    accepts,
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const path = new URL(request.url).pathname
      const parameters = new URLSearchParams(request.method === 'POST' ? await request.text() : '')
      const grant = parameters.get('grant_type')
      for (const name of ['code', 'code_verifier', 'refresh_token']) keepSecret(parameters.get(name))
      const seen: SeenRequest = {
        url: request.url,
        path,
        method: request.method,
        parameters,
        keepalive: init?.keepalive === true,
        authorization: request.headers.get('authorization'),
        proof: request.headers.get('dpop'),
        headers: Object.fromEntries(request.headers),
        ...(grant && { grant }),
      }
      requests.push(seen)
      const script = scripts.get(path)?.shift()
      return script ? script(() => process(path, seen)) : process(path, seen)
    },
  }
}
