import { type ServingContext, TELNYX_MCP } from '../context.ts'
import { answerV2Error } from '../http/errors.ts'
import type { Middleware } from '../http/http.ts'
import { challenge, identify } from './bearer.ts'

/**
 * `/v2/mcp`: the door of the Telnyx MCP server, and nothing behind it.
 *
 * Without a token it answers with the challenge from which a client finds the authorization server.
 *
 * @see RFC 9728 sections 3.1 and 5.1
 */
export function mcpRoute(context: ServingContext): Middleware {
  const resource = `${context.issuer}/v2/mcp`
  const { origin, pathname } = new URL(resource)
  const metadataUrl = `${origin}/.well-known/oauth-protected-resource${pathname}`
  return async (ctx, next) => {
    if (ctx.state.endpoint !== 'mcp') return next()
    const caller = await identify(context, ctx, undefined, [resource, TELNYX_MCP])
    if (!('error' in caller)) {
      ctx.body = {
        jsonrpc: '2.0',
        id: null,
        error: { code: -32601, message: 'the emulator has no MCP methods' },
      }
      return
    }
    answerV2Error(ctx, challenge(context, ctx, caller), '10009', { detail: caller.description })
    const metadata = `resource_metadata="${metadataUrl}"`
    const existing = ctx.response.get('WWW-Authenticate')
    ctx.set(
      'WWW-Authenticate',
      caller.error === 'missing_token' ? `Bearer ${metadata}` : `${existing}, ${metadata}`,
    )
  }
}
