import {
  createAuthorizationServer,
  issuer as defaultIssuer,
  metadataOf,
  type Rotation,
} from './authorization-server.ts'
import { keepSecret } from './overheard.ts'

/** One request that reached the server. */
export interface SeenRequest {
  readonly url: string
  readonly path: string
  readonly method: string
  readonly grant?: string
  /** The form that was sent. */
  readonly parameters: URLSearchParams
  /** The body as it was sent. */
  readonly text: string
  readonly keepalive: boolean
  readonly signal: AbortSignal | null | undefined
  readonly authorization: string | null
  /** The DPoP proof. */
  readonly proof: string | null
  readonly headers: Readonly<Record<string, string>>
}

/** Decides the response to one request; `process` does what the server would have done. */
export type Script = (process: () => Response) => Response | Promise<Response>

/** An authorization server and an API behind `fetch`, whose responses a test may script. */
export interface ModelServer {
  readonly fetch: typeof globalThis.fetch
  readonly issuer: string
  readonly requests: readonly SeenRequest[]
  /** Requests to the token endpoint, of one grant if named. */
  readonly tokenRequests: (grant?: 'refresh_token' | 'authorization_code') => readonly SeenRequest[]
  /** The bodies of the requests to the registration endpoint, in order. */
  readonly registrations: () => readonly Readonly<Record<string, unknown>>[]
  /** Scripts the next request to `path`, after those that were scripted before. */
  readonly script: (path: string, ...scripts: Script[]) => void
  /** Grants the sign-in that `authorizationUrl` asks for. @returns the code */
  readonly grant: (authorizationUrl: string) => string
  /** Ends every family, as an administrator would. */
  readonly revokeAll: () => void
  /** Whether the API accepts this access token. */
  readonly accepts: (accessToken: string) => boolean
}

/** Behaviour of a {@link ModelServer}. */
export interface ModelServerOptions {
  readonly issuer?: string
  readonly lifetimeSeconds?: number
  readonly rotation?: Rotation
  readonly withoutRefreshToken?: boolean
  readonly metadata?: Readonly<Record<string, unknown>>
  /** Announces DPoP, and binds tokens that are requested with a proof; it does not look into it. */
  readonly dpop?: boolean
}

export const registerPath = '/v2/oauth/register'

export const json = (body: unknown, status: number = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })

export function createModelServer(options: ModelServerOptions = {}): ModelServer {
  const { issuer = defaultIssuer, lifetimeSeconds = 1800, rotation = 'strict' } = options
  const { withoutRefreshToken = false } = options
  // Time stands still: a test that wants a token refused revokes it, or scripts the response.
  const server = createAuthorizationServer({ lifetimeSeconds, rotation, withoutRefreshToken }, () => 0)
  const requests: SeenRequest[] = []
  const scripts = new Map<string, Script[]>()

  const sentTo = (path: string) => requests.filter((request) => request.path === path)
  const registrations = () =>
    sentTo(registerPath).map(({ text }) => JSON.parse(text) as Readonly<Record<string, unknown>>)

  const token = ({ parameters, proof }: SeenRequest): Response => {
    const { status, body, headers } = server.token(parameters, options.dpop && proof ? 'DPoP' : 'Bearer')
    const { access_token, refresh_token } = JSON.parse(body) as Record<string, string>
    for (const secret of [access_token, refresh_token]) keepSecret(secret)
    return new Response(body, { status, headers: { ...headers } })
  }

  const processors: Readonly<Record<string, (request: SeenRequest) => Response>> = {
    '/.well-known/oauth-authorization-server': () =>
      json({
        ...metadataOf(issuer),
        ...(options.dpop && { dpop_signing_alg_values_supported: ['ES256'] }),
        ...options.metadata,
      }),
    '/v2/oauth/token': token,
    '/v2/oauth/par': ({ path }) =>
      json({ request_uri: `urn:ietf:params:oauth:request_uri:${sentTo(path).length}`, expires_in: 60 }, 201),
    '/v2/oauth/revoke': () => new Response(null, { status: 200 }),
    [registerPath]: ({ text }) => {
      const client_id = `client-${registrations().length}`
      return json({ client_id, client_id_issued_at: 1, ...JSON.parse(text) }, 201)
    },
  }

  const api = ({ path, authorization, proof }: SeenRequest): Response =>
    server.accepts(authorization?.replace(proof ? 'DPoP ' : 'Bearer ', '') ?? '')
      ? json({ data: { path } })
      : json({ errors: [{ code: '10009' }] }, 401, { 'www-authenticate': 'Bearer error="invalid_token"' })

  return {
    issuer,
    requests,
    registrations,
    tokenRequests: (grant) => sentTo('/v2/oauth/token').filter((sent) => !grant || grant === sent.grant),
    script: (path, ...more) => scripts.set(path, [...(scripts.get(path) ?? []), ...more]),
    grant: (authorizationUrl) =>
      server.authorize('user', new URL(authorizationUrl).searchParams.get('scope') ?? ''),
    revokeAll: () => {
      for (const family of server.families) family.ended ??= 'admin'
    },
    accepts: server.accepts,
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const path = new URL(request.url).pathname
      const text = request.method === 'POST' ? await request.text() : ''
      const parameters = new URLSearchParams(text)
      const grant = parameters.get('grant_type')
      for (const name of ['code', 'code_verifier', 'refresh_token']) keepSecret(parameters.get(name))
      const seen: SeenRequest = {
        url: request.url,
        path,
        method: request.method,
        parameters,
        text,
        keepalive: init?.keepalive === true,
        signal: init?.signal,
        authorization: request.headers.get('authorization'),
        proof: request.headers.get('dpop'),
        headers: Object.fromEntries(request.headers),
        ...(grant && { grant }),
      }
      requests.push(seen)
      const process = () => (processors[path] ?? api)(seen)
      return (scripts.get(path)?.shift() ?? ((go) => go()))(process)
    },
  }
}
