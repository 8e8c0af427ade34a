import { randomUUID } from 'node:crypto'
import { InvalidGrantError, InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js'
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js'
import type {
  AuthorizationParams,
  OAuthServerProvider,
} from '@modelcontextprotocol/sdk/server/auth/provider.js'
import { mcpAuthRouter } from '@modelcontextprotocol/sdk/server/auth/router.js'
import type { OAuthClientInformationFull, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js'
import type { RegisterOptions } from '@telnyx-oauth/core/register'
import express from 'express'
import { freePort } from '../support/free-port.ts'
import { type BrowserUser, configureTabs } from './support/browser-user.ts'
import { expect } from './support/expect.ts'
import { test as journeyTest } from './support/fixtures.ts'
import { letPagesIn } from './support/let-pages-in.ts'
import { listenOn } from './support/listen-on.ts'
import { openSignedIn, openSignedInTabs, refreshInTurn, said } from './support/tab-pages.ts'

/** An authorization server that we did not write: the router of the MCP SDK, over a memory that forgets nothing. */
async function serveMcpAuthorizationServer() {
  const port = await freePort()
  const issuerUrl = new URL(`http://localhost:${port}`)
  const clients = new Map<string, OAuthClientInformationFull>()
  const codes = new Map<string, AuthorizationParams>()
  const noted: { path: string; status: number; params: Record<string, string> }[] = []
  const provider = createProvider(clients, codes)
  const app = express()
  app.use(express.urlencoded({ extended: false }), express.json(), (request, response, next) => {
    const { path, method, query, body } = request
    const add = () => noted.push({ path, status: response.statusCode, params: { ...query, ...body } })
    if (method !== 'OPTIONS') response.once('finish', add)
    next()
  })
  app.use(mcpAuthRouter({ provider, issuerUrl, scopesSupported: ['billing.read'] }))
  app.post('/consent', (request, response) => {
    const asked = codes.get(request.body.code)
    if (!asked) return void response.status(400).end()
    const back = new URL(asked.redirectUri)
    back.searchParams.set('code', request.body.code)
    if (asked.state) back.searchParams.set('state', asked.state)
    response.redirect(302, back.href)
  })
  app.use('/api', letPagesIn, requireBearerAuth({ verifier: provider, requiredScopes: ['billing.read'] }))
  app.get('/api', (request, response) => void response.json(request.auth?.scopes))
  const { close } = await listenOn(app, port)
  const requests = (path?: string) => noted.filter((request) => path === undefined || request.path === path)
  // As its metadata spell it: with a slash at the end.
  return { issuer: issuerUrl.href, clients, requests, close }
}

interface Grant {
  readonly clientId: string
  readonly scopes: string[]
  /** The refresh token that works now, if there is still one. */
  refreshToken: string | undefined
}

/** A refresh token is replaced whenever it is used; a second use ends the grant. */
function createProvider(
  clients: Map<string, OAuthClientInformationFull>,
  codes: Map<string, AuthorizationParams>,
): OAuthServerProvider {
  const grants = new Map<string, Grant>()
  const askedWith = (code: string) => {
    const asked = codes.get(code)
    if (!asked) throw new InvalidGrantError('the code is unknown, or was used')
    return asked
  }
  const issue = (grant: Grant): OAuthTokens => {
    const [accessToken, refreshToken] = [randomUUID(), randomUUID()]
    grant.refreshToken = refreshToken
    grants.set(accessToken, grant).set(refreshToken, grant)
    return {
      access_token: accessToken,
      // In lower case, as the examples of the SDK and many servers have it.
      token_type: 'bearer',
      expires_in: 600,
      refresh_token: refreshToken,
      scope: grant.scopes.join(' '),
    }
  }
  return {
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
    exchangeRefreshToken: async ({ client_id }, refreshToken) => {
      const grant = grants.get(refreshToken)
      if (grant && grant.refreshToken !== refreshToken) grant.refreshToken = undefined
      if (!grant?.refreshToken || grant.clientId !== client_id)
        throw new InvalidGrantError('not valid any more')
      return issue(grant)
    },
    verifyAccessToken: async (token) => {
      const grant = grants.get(token)
      if (!grant?.refreshToken) throw new InvalidTokenError('unknown')
      const { clientId, scopes } = grant
      return { token, clientId, scopes, expiresAt: Date.now() / 1000 + 600 }
    },
    revokeToken: async ({ client_id }, { token }) => {
      const grant = grants.get(token)
      if (grant?.clientId === client_id) grant.refreshToken = undefined
    },
  }
}

interface ServerFixtures {
  readonly server: Awaited<ReturnType<typeof serveMcpAuthorizationServer>>
  readonly user: BrowserUser
}

const test = journeyTest.extend<{ $test: ServerFixtures }>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads what a fixture needs off this pattern
  server: async ({}, use) => {
    const server = await serveMcpAuthorizationServer()
    await use(server)
    await server.close()
  },
  user: async ({ user, server: { issuer } }, use) => {
    const scope = 'billing.read'
    const registration: RegisterOptions = { issuer, redirectUri: '/callback', clientName: 'Journey', scope }
    await configureTabs(user, { issuer }, { scope })
    await user.context.addInitScript((given) => {
      globalThis.registration = given
    }, registration)
    await use(user)
  },
})

test("at the MCP SDK's authorization server, a page registers, signs in and calls an API", async ({
  user,
  server,
}) => {
  const page = await openSignedIn(user)
  expect([...server.clients.values()]).toMatchObject([
    { client_name: 'Journey', token_endpoint_auth_method: 'none', client_secret: undefined },
  ])
  const steps = server.requests().map(({ path, status }) => `${path} ${status}`)
  expect(steps).toEqual([
    '/.well-known/oauth-authorization-server 200',
    '/register 201',
    '/authorize 200',
    '/consent 302',
    '/token 200',
  ])
  const [authorize] = server.requests('/authorize')
  const [exchange] = server.requests('/token')
  const [clientId] = server.clients.keys()
  expect(authorize?.params).toMatchObject({ client_id: clientId, code_challenge_method: 'S256' })
  expect(exchange?.params).toMatchObject({ client_id: clientId, grant_type: 'authorization_code' })

  const scopes = await page.evaluate(async (url) => (await tab.auth.fetch(url)).json(), `${server.issuer}api`)
  expect(scopes).toEqual(['billing.read'])
})

test('two tabs renew a token there with one request, each time with the newest refresh token', async ({
  user,
  server,
}) => {
  const tabs = await openSignedInTabs(user, 2)
  await refreshInTurn([...tabs, ...tabs.slice(0, 1)])
  const refreshes = server.requests('/token').filter(({ params }) => params.grant_type === 'refresh_token')
  expect(refreshes.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(new Set(refreshes.map(({ params }) => params.refresh_token)).size).toBe(3)
})

test('signing out there revokes the newest refresh token, and with it the access token', async ({
  user,
  server,
}) => {
  const page = await openSignedIn(user)
  await page.evaluate(() => tab.auth.refresh())
  const token = await page.evaluate(() => tab.auth.getAccessToken())
  const ofToken = () =>
    fetch(`${server.issuer}api`, { headers: { authorization: `Bearer ${token}` } }).then(
      ({ status }) => status,
    )
  expect(await ofToken()).toBe(200)
  expect(await page.evaluate(() => tab.auth.signOut())).toEqual({ revoked: true })
  await expect(said(page)).toHaveText('signed-out')
  expect(server.requests('/revoke').map(({ status }) => status)).toEqual([200])
  expect(await ofToken()).toBe(401)
})
