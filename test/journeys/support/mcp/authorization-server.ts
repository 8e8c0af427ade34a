import { randomUUID } from 'node:crypto'
import { InvalidGrantError, InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js'
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js'
import type {
  AuthorizationParams,
  OAuthServerProvider,
} from '@modelcontextprotocol/sdk/server/auth/provider.js'
import { mcpAuthRouter } from '@modelcontextprotocol/sdk/server/auth/router.js'
import type {
  OAuthClientInformationFull,
  OAuthTokenRevocationRequest,
  OAuthTokens,
} from '@modelcontextprotocol/sdk/shared/auth.js'
import express, { type Express, type RequestHandler } from 'express'
import { freePort } from '../../../support/free-port.ts'
import { listenOn } from '../listen-on.ts'
import { letPagesIn } from './let-pages-in.ts'

/** A request to one of the OAuth endpoints. */
interface NotedRequest {
  readonly path: string
  readonly status: number
  readonly params: Readonly<Record<string, string>>
}

/** An authorization server that we did not write: the router of the MCP SDK, over a memory that forgets nothing. */
export interface McpAuthorizationServer {
  /** As its metadata spell it: with a slash at the end. */
  readonly issuer: string
  readonly clients: ReadonlyMap<string, OAuthClientInformationFull>
  /** What was answered, oldest first; preflights left out. */
  readonly requests: (path?: string) => readonly NotedRequest[]
  readonly close: () => Promise<void>
}

export async function serveMcpAuthorizationServer(): Promise<McpAuthorizationServer> {
  const port = await freePort()
  const issuerUrl = new URL(`http://localhost:${port}`)
  const clients = new Map<string, OAuthClientInformationFull>()
  const noted: NotedRequest[] = []
  const app = express()
  app.use(express.urlencoded({ extended: false }), express.json(), note(noted))
  const codes = new Map<string, AuthorizationParams>()
  const provider = createProvider(clients, codes)
  app.use(mcpAuthRouter({ provider, issuerUrl, scopesSupported: ['billing.read'] }))
  askForConsent(app, codes)
  app.use('/api', letPagesIn, requireBearerAuth({ verifier: provider, requiredScopes: ['billing.read'] }))
  app.get('/api', (request, response) => void response.json(request.auth?.scopes))
  const { close } = await listenOn(app, port)
  const requests = (path?: string) => noted.filter((request) => path === undefined || request.path === path)
  return { issuer: issuerUrl.href, clients, requests, close }
}

function note(noted: NotedRequest[]): RequestHandler {
  return (request, response, next) => {
    const { path } = request
    const params = { ...request.query, ...request.body }
    const add = () => noted.push({ path, status: response.statusCode, params })
    if (request.method !== 'OPTIONS') response.once('finish', add)
    next()
  }
}

function createProvider(
  clients: Map<string, OAuthClientInformationFull>,
  codes: Map<string, AuthorizationParams>,
): OAuthServerProvider {
  const askedWith = (code: string) => {
    const asked = codes.get(code)
    if (!asked) throw new InvalidGrantError('the code is unknown, or was used')
    return asked
  }
  const { issue, ...grants } = createGrants()
  return {
    ...grants,
    clientsStore: {
      getClient: (id) => clients.get(id),
      registerClient: (client) => {
        const registered = client as OAuthClientInformationFull
        clients.set(registered.client_id, registered)
        return registered
      },
    },
    authorize: async (_client, params, response) => {
      const code = randomUUID()
      codes.set(code, params)
      response.send(`<link rel="icon" href="data:,"><title>Allow?</title><form method="post" action="/consent">
        <input type="hidden" name="code" value="${code}"><button>Allow</button></form>`)
    },
    challengeForAuthorizationCode: async (_client, code) => askedWith(code).codeChallenge,
    exchangeAuthorizationCode: async ({ client_id }, code, _verifier, redirectUri) => {
      const { redirectUri: asked, scopes = [] } = askedWith(code)
      codes.delete(code)
      if (asked !== redirectUri) throw new InvalidGrantError('another redirect URI')
      return issue({ clientId: client_id, scopes, refreshToken: undefined })
    },
  }
}

interface Grant {
  readonly clientId: string
  readonly scopes: readonly string[]
  /** The refresh token that works now, if there is still one. */
  refreshToken: string | undefined
}

/** What people allowed. A refresh token is replaced whenever it is used; using it again ends the grant. */
function createGrants() {
  const accessTokens = new Map<string, Grant>()
  const refreshTokens = new Map<string, Grant>()

  const issue = (grant: Grant): OAuthTokens => {
    const [accessToken, refreshToken] = [randomUUID(), randomUUID()]
    accessTokens.set(accessToken, grant)
    refreshTokens.set(refreshToken, grant)
    grant.refreshToken = refreshToken
    const scope = grant.scopes.join(' ')
    // In lower case, as the examples of the SDK and many servers have it.
    const type = 'bearer'
    return {
      access_token: accessToken,
      token_type: type,
      expires_in: 600,
      refresh_token: refreshToken,
      scope,
    }
  }
  return {
    issue,
    exchangeRefreshToken: async ({ client_id }: OAuthClientInformationFull, refreshToken: string) => {
      const grant = refreshTokens.get(refreshToken)
      if (grant && grant.refreshToken !== refreshToken) grant.refreshToken = undefined
      if (!grant?.refreshToken || grant.clientId !== client_id)
        throw new InvalidGrantError('not valid any more')
      return issue(grant)
    },
    verifyAccessToken: async (token: string) => {
      const grant = accessTokens.get(token)
      if (!grant?.refreshToken) throw new InvalidTokenError('unknown')
      return {
        token,
        clientId: grant.clientId,
        scopes: [...grant.scopes],
        expiresAt: Date.now() / 1000 + 600,
      }
    },
    revokeToken: async (
      { client_id }: OAuthClientInformationFull,
      { token }: OAuthTokenRevocationRequest,
    ): Promise<void> => {
      const grant = refreshTokens.get(token) ?? accessTokens.get(token)
      if (grant?.clientId === client_id) grant.refreshToken = undefined
    },
  }
}

/** The page with the button, whose answer goes back to the app. */
function askForConsent(app: Express, codes: ReadonlyMap<string, AuthorizationParams>): void {
  app.post('/consent', (request, response) => {
    const { code } = request.body
    const asked = codes.get(code)
    if (!asked) return void response.status(400).end()
    const back = new URL(asked.redirectUri)
    back.searchParams.set('code', code)
    if (asked.state) back.searchParams.set('state', asked.state)
    response.redirect(302, back.href)
  })
}
