import type { Page } from 'playwright'
import { expect } from 'playwright/test'
import type { BrowserUser } from './support/browser-user.ts'
import { decide } from './support/demo-pages.ts'
import { refreshesOf } from './support/log.ts'
import { test } from './support/mcp/mcp-test.ts'
import { said } from './support/tab-pages.ts'

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
