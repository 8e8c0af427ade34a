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
import type { Emulator } from '@telnyx-oauth/emulator'
import express, { type RequestHandler } from 'express'
import { letPagesIn } from './let-pages-in.ts'
import { listenOn } from './listen-on.ts'

/** An MCP server of the SDK, whose tokens an emulator issues and knows about. */
export interface ProtectedMcpServer {
  /** Method and status of each answer that came to its end, in order; preflights left out. */
  readonly answers: readonly string[]
  readonly close: () => Promise<void>
}

/** The client by which the MCP server asks about tokens. */
export const mcpServerClient = {
  clientId: 'mcp-server',
  name: 'An MCP server',
  clientSecret: 'only the two servers know this',
} as const

/** Serves MCP at `url`, to whoever has a token for it. */
export async function serveMcp(url: URL, emulator: Emulator): Promise<ProtectedMcpServer> {
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
