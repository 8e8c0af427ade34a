import { isTelnyxAuthError, type TelnyxAuthError } from './errors.ts'
import type { TelnyxAuth, TokenTarget } from './telnyx-auth.ts'

/** The type of the option `fetch` of the MCP SDK's client transports. */
export type McpFetch = (url: string | URL, init?: RequestInit) => Promise<Response>

/** Options of {@link mcpFetch}: with `resource` or `scope`, as for `getAccessToken`, a resource token is sent. */
export interface McpFetchOptions extends TokenTarget {
  /**
   * Called with the reason if a message is sent while no user is signed in. If it signs in without leaving the page (in
   * a popup, for example), the message is sent afterwards. Not called after the user signed out. `false`: reject.
   *
   * @default navigates to the server as guards do: not while the client shows an error, and at most three times a minute
   */
  readonly signIn?: false | ((reason: TelnyxAuthError) => Promise<void>)
}

async function signInAsGuardsDo(auth: TelnyxAuth, reason: TelnyxAuthError): Promise<void> {
  if (reason.code !== 'signed_out') throw reason
  await auth.signIn({ automatic: true })
}

/**
 * Gives a `fetch` for a client of the Model Context Protocol: it sends the session's token, refreshed when it is due or
 * refused, and shared with the rest of the app. The MCP server's URL must be among the client's `allowedUrls`.
 *
 * Use it instead of the SDK's `authProvider`, which would register, sign in and store tokens a second time, and could
 * not prove possession of a key (RFC 9449).
 *
 * @example new StreamableHTTPClientTransport(url, { fetch: mcpFetch(auth) })
 * @returns rejects with a `TelnyxAuthError`, as `fetch` of the client does
 */
export function mcpFetch(auth: TelnyxAuth, options: McpFetchOptions = {}): McpFetch {
  const { signIn = (reason) => signInAsGuardsDo(auth, reason), ...target } = options
  let wasSignedIn = false
  let signingIn: Promise<void> | undefined

  const send: McpFetch = async (url, init) => {
    const response = await auth.fetch(url, init, target)
    wasSignedIn = true
    return response
  }

  return async (url, init) => {
    try {
      return await send(url, init)
    } catch (error) {
      const isSignedOut = isTelnyxAuthError(error) && auth.getSnapshot().status === 'signed-out'
      // A stream that reconnects by itself must not undo the user's sign-out.
      const isIntended = isSignedOut && error.code === 'signed_out' && wasSignedIn
      if (!signIn || !isSignedOut || isIntended) throw error
      signingIn ??= signIn(error).finally(() => {
        signingIn = undefined
      })
      await signingIn
      return send(url, init)
    }
  }
}
