import { isTelnyxAuthError, type TelnyxAuthError } from './errors.ts'
import type { TelnyxAuth, TokenTarget } from './telnyx-auth.ts'

/** What transports of the MCP SDK's client take as their option `fetch`. */
export type McpFetch = (url: string | URL, init?: RequestInit) => Promise<Response>

/** What {@link mcpFetch} takes: with `resource` and `scope` of `getAccessToken`, a token beside the session's own. */
export interface McpFetchOptions extends TokenTarget {
  /**
   * What to do when a message finds nobody signed in, with the reason: where this signs in without leaving the page (by
   * a window, say), the message is sent afterwards. Not called after somebody signed out. `false`: reject.
   *
   * @default leaves for the server as guards do: never while the client shows an error, and three times a minute at most
   */
  readonly signIn?: false | ((reason: TelnyxAuthError) => Promise<void>)
}

async function leaveAsGuardsDo(auth: TelnyxAuth, reason: TelnyxAuthError): Promise<void> {
  if (reason.code !== 'signed_out') throw reason
  await auth.signIn({ automatic: true })
}

/**
 * How a client of the Model Context Protocol sends: with the session's token, renewed when it is due or refused, and
 * shared with the rest of the app. The MCP server's URL must be among the client's `allowedUrls`.
 *
 * It takes the place of the SDK's `authProvider`, which would register, sign in and keep tokens a second time, and
 * could not prove possession of a key (RFC 9449).
 *
 * @example new StreamableHTTPClientTransport(url, { fetch: mcpFetch(auth) })
 * @returns rejects with a `TelnyxAuthError`, as `fetch` of the client does
 */
export function mcpFetch(auth: TelnyxAuth, options: McpFetchOptions = {}): McpFetch {
  const { signIn = (reason) => leaveAsGuardsDo(auth, reason), ...choice } = options
  let wasSignedIn = false
  let signingIn: Promise<void> | undefined

  const send: McpFetch = async (url, init) => {
    const response = await auth.fetch(url, init, choice)
    wasSignedIn = true
    return response
  }

  return async (url, init) => {
    try {
      return await send(url, init)
    } catch (error) {
      const isSignedOut = isTelnyxAuthError(error) && auth.getSnapshot().status === 'signed-out'
      // A stream that connects again by itself must not undo what the person wanted.
      const isOnPurpose = isSignedOut && error.code === 'signed_out' && wasSignedIn
      if (!signIn || !isSignedOut || isOnPurpose) throw error
      signingIn ??= signIn(error).finally(() => {
        signingIn = undefined
      })
      await signingIn
      return send(url, init)
    }
  }
}
