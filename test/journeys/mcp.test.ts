import { randomUUID } from 'node:crypto'
import { InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js'
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js'
import type { OAuthTokenVerifier } from '@modelcontextprotocol/sdk/server/auth/provider.js'
import {
  getOAuthProtectedResourceMetadataUrl,
  mcpAuthMetadataRouter,
} from '@modelcontextprotocol/sdk/server/auth/router.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { OAuthMetadataSchema } from '@modelcontextprotocol/sdk/shared/auth.js'
import { createTelnyxApi, introspectToken } from '@telnyx-oauth/api'
import type { Emulator, EmulatorOptions } from '@telnyx-oauth/emulator'
import express, { type RequestHandler } from 'express'
import type { Page } from 'playwright'
import { freePort } from '../support/free-port.ts'
import type { BrowserUser, UserOptions } from './support/browser-user.ts'
import type { SiteName } from './support/build-sites.ts'
import { decide } from './support/demo-pages.ts'
import { expect } from './support/expect.ts'
import { test as journeyTest } from './support/fixtures.ts'
import { letPagesIn } from './support/let-pages-in.ts'
import { listenOn } from './support/listen-on.ts'
import { refreshesOf } from './support/log.ts'
import { said } from './support/tab-pages.ts'

interface McpFixtures {
  readonly siteName: SiteName
  readonly userOptions: UserOptions
  readonly emulatorOptions: EmulatorOptions
  readonly user: BrowserUser
  readonly mcpUrl: URL
  readonly mcp: Awaited<ReturnType<typeof serveMcp>>
}

const pageClient = {
  clientId: 'telnyx-demo',
  name: 'A page with an MCP client',
  redirectUris: ['http://localhost/callback'],
}

/** A journey through the page of `mcp-page/`, which has to ask its MCP server where to sign in. */
const test = journeyTest.extend<{ $test: McpFixtures }>({
  siteName: 'mcp-page',
  // A token that expired is refused with a 401.
  userOptions: { mayFail: true },
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads what a fixture needs off this pattern
  mcpUrl: async ({}, use) => use(new URL(`http://localhost:${await freePort()}/mcp`)),
  emulatorOptions: async ({ mcpUrl }, use) =>
    use({ resources: [mcpUrl.href], rateLimits: false, clients: [pageClient, mcpServerClient] }),
  mcp: async ({ mcpUrl, emulator }, use) => {
    const mcp = await serveMcp(mcpUrl, emulator)
    await use(mcp)
    await mcp.close()
  },
  user: async ({ user, emulator, mcp: _, mcpUrl }, use) => {
    await user.context.addInitScript(
      (given) => {
        globalThis.mcp = given
      },
      { url: mcpUrl.href, allowedIssuers: [emulator.issuer] },
    )
    await use(user)
  },
})

/** Opens the page, which finds nobody signed in and leaves for the server by itself. */
async function openConnected(user: BrowserUser): Promise<Page> {
  const page = await user.open()
  await decide(page, 'Allow')
  await expect(said(page)).toHaveText('connected')
  return page
}

const answer = JSON.stringify([{ type: 'text', text: 'telnyx-demo may billing.read' }])

test('an MCP client asks its server where to sign in, does, lists the tools and calls one', async ({
  user,
  emulator,
  mcp,
}) => {
  const page = await openConnected(user)
  expect(await page.evaluate(() => mcpTab.list())).toEqual(['who_am_i'])
  expect(await page.evaluate(() => mcpTab.call('who_am_i'))).toEqual([answer])
  expect(mcp.answers).not.toContain('POST 401')
  const signIns = emulator.requests({ endpoint: 'token' }).map(({ grant, status }) => [grant, status])
  expect(signIns).toEqual([['authorization_code', 200]])
  expect(emulator.requests({ endpoint: 'register' }), 'the SDK registers nothing').toEqual([])
})

test('a page that is loaded again connects without a request to the authorization server', async ({
  user,
  emulator,
}) => {
  const page = await openConnected(user)
  emulator.clearRequests()
  await page.reload()
  await expect(said(page)).toHaveText('connected')
  const others = emulator.requests().filter(({ endpoint }) => endpoint !== 'introspect')
  expect(others).toEqual([])
})

test('calls whose token expired share one refresh request, and are answered', async ({
  user,
  emulator,
  mcp,
}) => {
  const page = await openConnected(user)
  emulator.expireAccessTokens()
  expect(await page.evaluate(() => mcpTab.call('who_am_i', 5))).toEqual(Array(5).fill(answer))
  expect(refreshesOf(emulator).map(({ status }) => status)).toEqual([200])
  expect(mcp.answers.filter((each) => each === 'POST 401')).not.toEqual([])
})

test('calls of a session that the server ended fail with the reason, and the page stays', async ({
  user,
  emulator,
}) => {
  const page = await openConnected(user)
  const url = page.url()
  for (const { id } of emulator.grants) emulator.revokeGrant(id)
  expect(await page.evaluate(() => mcpTab.call('who_am_i'))).toEqual(['invalid_grant'])
  expect(await page.evaluate(() => mcpTab.auth.getSnapshot().status)).toBe('signed-out')
  expect(page.url()).toBe(url)
  expect(emulator.requests({ endpoint: 'authorize' })).toHaveLength(1)
})

/** The client by which the MCP server asks about tokens. */
const mcpServerClient = {
  clientId: 'mcp-server',
  name: 'An MCP server',
  clientSecret: 'only the two servers know this',
} as const

/** Serves MCP of the SDK at `url`; the emulator issues and introspects the tokens. */
async function serveMcp(url: URL, emulator: Emulator) {
  const metadata = await fetch(`${emulator.issuer}/.well-known/oauth-authorization-server`)
  const app = express()
  app.use(
    mcpAuthMetadataRouter({
      oauthMetadata: OAuthMetadataSchema.parse(await metadata.json()),
      resourceServerUrl: url,
    }),
  )
  const answers: string[] = []
  app.use(url.pathname, letPagesIn, note(answers), express.json())
  const resourceMetadataUrl = getOAuthProtectedResourceMetadataUrl(url)
  app.use(
    url.pathname,
    requireBearerAuth({ verifier: verifierOf(emulator), resourceMetadataUrl, expectedResource: url }),
  )
  app.use(url.pathname, messages())
  const { close } = await listenOn(app, Number(url.port))
  return { answers, close }
}

function note(answers: string[]): RequestHandler {
  return (request, response, next) => {
    response.once('finish', () => answers.push(`${request.method} ${response.statusCode}`))
    next()
  }
}

function verifierOf(emulator: Emulator): OAuthTokenVerifier {
  const api = createTelnyxApi({ baseUrl: `${emulator.issuer}/v2` })
  const credentials = { client_id: mcpServerClient.clientId, client_secret: mcpServerClient.clientSecret }
  return {
    verifyAccessToken: async (token) => {
      const { active, client_id, scope, exp, aud } = await introspectToken(api, credentials, token)
      if (!active || !aud) throw new InvalidTokenError('the access token is unknown, expired or revoked')
      return {
        token,
        clientId: String(client_id),
        scopes: String(scope).split(' '),
        expiresAt: Number(exp),
        resource: new URL(aud),
      }
    },
  }
}

/** One server per session of the protocol, as the SDK wants it. */
function messages(): RequestHandler {
  const sessions = new Map<string, StreamableHTTPServerTransport>()
  return async (request, response) => {
    const known = sessions.get(String(request.headers['mcp-session-id']))
    const transport = known ?? (await beginSession(sessions))
    await transport.handleRequest(request, response, request.body)
  }
}

/** One tool, which tells what the server knows of its caller. */
async function beginSession(
  sessions: Map<string, StreamableHTTPServerTransport>,
): Promise<StreamableHTTPServerTransport> {
  const server = new McpServer({ name: 'protected', version: '1.0.0' })
  server.registerTool('who_am_i', { description: 'Tells whose token it is' }, ({ authInfo }) => ({
    content: [{ type: 'text', text: `${authInfo?.clientId} may ${authInfo?.scopes.join(' and ')}` }],
  }))
  const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => void sessions.set(id, transport),
  })
  await server.connect(transport)
  return transport
}
