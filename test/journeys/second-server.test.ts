import type { RegisterOptions } from '@telnyx-oauth/core/register'
import { expect } from 'playwright/test'
import {
  type McpAuthorizationServer,
  serveMcpAuthorizationServer,
} from './support/mcp/authorization-server.ts'
import { openSignedIn, openSignedInTabs, refreshInTurn, said } from './support/tab-pages.ts'
import { test as tabTest } from './support/tab-test.ts'
import { type Visitor, visitAfresh } from './support/visitor.ts'

interface Fixtures {
  readonly server: McpAuthorizationServer
  readonly visitor: Visitor
}

const test = tabTest.extend<{ $test: Fixtures }>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads what a fixture needs off this pattern
  server: async ({}, use) => {
    const server = await serveMcpAuthorizationServer()
    await use(server)
    await server.close()
  },
  visitor: async ({ browser, site, server: { issuer } }, use) => {
    const visitor = await visitAfresh(browser, site.origin)
    const scope = 'billing.read'
    const registration: RegisterOptions = { issuer, redirectUri: '/callback', clientName: 'Journey', scope }
    await visitor.context.addInitScript(
      ([tabOptions, given]) => {
        globalThis.tabOptions = tabOptions
        globalThis.registration = given
      },
      [{ issuer, scope, resources: [issuer] }, registration] as const,
    )
    await use(visitor)
    await visitor.leave()
  },
})

test("at the MCP SDK's authorization server, a page registers, signs in and calls an API", async ({
  visitor,
  server,
}) => {
  const page = await openSignedIn(visitor)
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
  visitor,
  server,
}) => {
  const tabs = await openSignedInTabs(visitor, 2)
  await refreshInTurn([...tabs, ...tabs.slice(0, 1)])
  const refreshes = server.requests('/token').filter(({ params }) => params.grant_type === 'refresh_token')
  expect(refreshes.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(new Set(refreshes.map(({ params }) => params.refresh_token)).size).toBe(3)
})

test('signing out there revokes the newest refresh token, and with it the access token', async ({
  visitor,
  server,
}) => {
  const page = await openSignedIn(visitor)
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
