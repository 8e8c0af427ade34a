import type { TestAPI } from 'vitest'
import { freePort } from '../../../support/free-port.ts'
import { test as journeyTest } from '../fixtures.ts'
import { mcpServerClient, type ProtectedMcpServer, serveMcp } from './mcp-server.ts'

interface McpFixtures extends Pick<JourneyFixtures, 'siteName' | 'userOptions' | 'emulatorOptions' | 'user'> {
  readonly mcpUrl: URL
  readonly mcp: ProtectedMcpServer
}

type JourneyFixtures = typeof journeyTest extends TestAPI<infer Fixtures> ? Fixtures : never

const pageClient = {
  clientId: 'telnyx-demo',
  name: 'A page with an MCP client',
  redirectUris: ['http://localhost/callback'],
}

/** A journey through the page of `mcp-page/`, which has to ask its MCP server where to sign in. */
export const test: TestAPI<JourneyFixtures & McpFixtures> = journeyTest.extend<{ $test: McpFixtures }>({
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
