import type { EmulatorOptions } from '@telnyx-oauth/emulator'
import type { Page } from 'playwright'
import { expect } from 'playwright/test'
import { freePort } from '../support/free-port.ts'
import type { BrowserUser, UserOptions } from './support/browser-user.ts'
import type { SiteName } from './support/build-sites.ts'
import { decide } from './support/demo-pages.ts'
import { test as journeyTest } from './support/fixtures.ts'
import { refreshesOf } from './support/log.ts'
import { mcpServerClient, type ProtectedMcpServer, serveMcp } from './support/mcp-server.ts'
import { said } from './support/tab-pages.ts'

interface McpFixtures {
  readonly siteName: SiteName
  readonly userOptions: UserOptions
  readonly emulatorOptions: EmulatorOptions
  readonly user: BrowserUser
  readonly mcpUrl: URL
  readonly mcp: ProtectedMcpServer
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
