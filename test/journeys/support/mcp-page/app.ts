import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { createTelnyxAuth, isTelnyxAuthError, type TelnyxAuth } from '@telnyx-oauth/core'
import { mcpFetch } from '@telnyx-oauth/core/mcp'

/** What a journey can do with the MCP client of the page. */
export interface McpTab {
  readonly auth: TelnyxAuth
  /** The names of the server's tools. */
  readonly list: () => Promise<readonly string[]>
  /** Calls a tool so many times at once. @returns each answer, or the code of an error */
  readonly call: (tool: string, times?: number) => Promise<readonly string[]>
}

declare global {
  /** Where the MCP server is, and which authorization server it may name; set by the journey before the page loads. */
  var mcp: { readonly url: string; readonly allowedIssuers: readonly string[] }
  var mcpTab: McpTab
}

const auth = createTelnyxAuth({
  clientId: 'telnyx-demo',
  redirectUri: '/callback',
  scope: 'billing.read',
  resource: globalThis.mcp.url,
  allowedIssuers: globalThis.mcp.allowedIssuers,
})
const client = new Client({ name: 'page', version: '1.0.0' })

const codeOf = (error: unknown): string => (isTelnyxAuthError(error) ? error.code : String(error))

async function callOnce(name: string): Promise<string> {
  try {
    return JSON.stringify((await client.callTool({ name })).content)
  } catch (error) {
    return codeOf(error)
  }
}

globalThis.mcpTab = {
  auth,
  list: async () => (await client.listTools()).tools.map(({ name }) => name),
  call: (tool, times = 1) => Promise.all(Array.from({ length: times }, () => callOnce(tool))),
}

const output = document.querySelector('output') ?? document.createElement('output')

/** As an app does when it starts: whoever is not signed in leaves for the server, and comes back to this. */
try {
  await client.connect(
    new StreamableHTTPClientTransport(new URL(globalThis.mcp.url), { fetch: mcpFetch(auth) }),
  )
  output.textContent = 'connected'
} catch (error) {
  output.textContent = codeOf(error)
}
