import type { EmulatorOptions } from '@telnyx-oauth/emulator'
import type { TestAPI } from 'vitest'
import { freePort } from '../../../support/free-port.ts'
import { type Site, serveMcpClient } from '../sites.ts'
import { test as tabTest } from '../tab-test.ts'
import { type Visitor, visitAfresh } from '../visitor.ts'
import { mcpServerClient, type ProtectedMcpServer, serveMcp } from './mcp-server.ts'

interface FileFixtures {
  /** The page with the MCP client, built once per file. */
  readonly client: Site
}

interface TestFixtures {
  readonly mcpUrl: URL
  readonly emulatorOptions: EmulatorOptions
  readonly mcp: ProtectedMcpServer
  readonly visitor: Visitor
}

type TabFixtures = typeof tabTest extends TestAPI<infer Fixtures> ? Fixtures : never

const pageClient = {
  clientId: 'telnyx-demo',
  name: 'A page with an MCP client',
  redirectUris: ['http://localhost/callback'],
}

/** A journey through the page of `mcp-page/`, which has to ask its MCP server where to sign in. */
export const test: TestAPI<TabFixtures & FileFixtures & TestFixtures> = tabTest.extend<{
  $file: FileFixtures
  $test: TestFixtures
}>({
  client: [
    // biome-ignore lint/correctness/noEmptyPattern: Vitest reads what a fixture needs off this pattern
    async ({}, use) => {
      const site = await serveMcpClient()
      await use(site)
      await site.close()
    },
    { scope: 'file' },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: as above
  mcpUrl: async ({}, use) => use(new URL(`http://localhost:${await freePort()}/mcp`)),
  emulatorOptions: async ({ mcpUrl }, use) =>
    use({ resources: [mcpUrl.href], rateLimits: false, clients: [pageClient, mcpServerClient] }),
  mcp: async ({ mcpUrl, emulator }, use) => {
    const mcp = await serveMcp(mcpUrl, emulator)
    await use(mcp)
    await mcp.close()
  },
  visitor: async ({ browser, client, emulator, mcp: _, mcpUrl }, use) => {
    // A token that expired is refused with a 401.
    const visitor = await visitAfresh(browser, client.origin, { mayFail: true })
    await visitor.context.addInitScript(
      (given) => {
        globalThis.mcp = given
      },
      { url: mcpUrl.href, issuers: [emulator.issuer] },
    )
    await use(visitor)
    await visitor.leave()
  },
})
