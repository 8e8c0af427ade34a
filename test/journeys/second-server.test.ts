import type { RegisterOptions } from '@telnyx-oauth/core/register'
import { expect } from 'playwright/test'
import { type BrowserUser, configureTabs } from './support/browser-user.ts'
import { test as journeyTest } from './support/fixtures.ts'
import {
  type McpAuthorizationServer,
  serveMcpAuthorizationServer,
} from './support/mcp/authorization-server.ts'
import { openSignedIn, openSignedInTabs, refreshInTurn, said } from './support/tab-pages.ts'

interface ServerFixtures {
  readonly server: McpAuthorizationServer
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
