import type { Context } from '../../context.ts'
import type { LiveRecord } from '../../model/record.ts'
import { recordFor } from '../../model/resource-target.ts'
import { resourceTargetOf } from '../../model/resource-tokens.ts'
import { demandIn } from '../../protocol/demand.ts'
import type { GetAccessTokenOptions } from '../../telnyx-auth.ts'
import { refreshFor } from '../refresh/refresh.ts'
import { refreshStateOf } from '../refresh/refresh-wait.ts'
import { requireSession } from '../session/publish-session.ts'

/**
 * The answer, unless it demands more than the token has: a refresh would not help.
 *
 * @throws {TelnyxAuthError} `insufficient_scope`, `insufficient_user_authentication`, with `missing`
 * @see RFC 6750 section 3.1, RFC 9470 section 3
 */
function undemanding(response: Response, used: LiveRecord, resource: string | undefined): Response {
  const error = demandIn(response, used, resource === used.resource ? undefined : resource)
  if (!error) return response
  response.body?.cancel().catch(() => {})
  throw error
}

/** A request that was sent with a token. */
interface SentRequest {
  readonly isRepeatable: boolean
  /** Sends it with another token. */
  readonly send: (record: LiveRecord) => Promise<Response>
}

/** A resource that refuses every token costs one refresh a minute, however often it is asked. */
const pauseAfter401Ms = 60_000

/**
 * The token to try again with after a 401, if that makes sense: a newer one that is there already, or that of one
 * refresh.
 */
async function tokenAfter401(
  context: Context,
  given: GetAccessTokenOptions,
  used: LiveRecord,
): Promise<LiveRecord | undefined> {
  const { clock } = context
  const session = requireSession(context, used.sessionId)
  const target = resourceTargetOf(session, given.resource, given.scope)
  const known = recordFor(session, target)
  const isUsed = (record: LiveRecord) => record.token.accessToken === used.token.accessToken
  if (known && !isUsed(known)) return known
  const { unauthorizedAtMs = -Infinity } = used
  if (!session.refreshToken || Math.abs(clock.now() - unauthorizedAtMs) < pauseAfter401Ms) return undefined
  refreshStateOf(context, target).unauthorizedToken = used.token.accessToken
  return refreshFor(context, session, target)
}

/** Tells if a newer token could be accepted. */
const isTokenRefused = ({ status, headers }: Response): boolean =>
  status === 401 && !headers.get('www-authenticate')?.includes('_dpop_')

/**
 * Handles a 401 or 403: one more try with a newer token, if that can help.
 *
 * @throws {TelnyxAuthError} `insufficient_scope`, `insufficient_user_authentication`: what the resource demands;
 *   why the session is over
 */
export async function handleUnauthorized(
  context: Context,
  { isRepeatable, send }: SentRequest,
  given: GetAccessTokenOptions,
  used: LiveRecord,
  first: Response,
): Promise<Response> {
  const response = undemanding(first, used, given.resource)
  if (!isTokenRefused(response) || !isRepeatable) return response
  let next: LiveRecord | undefined
  try {
    next = await tokenAfter401(context, given, used)
  } catch {
    // No newer token: the caller gets the server's answer, the snapshot says why.
    requireSession(context, used.sessionId)
  }
  return next ? undemanding(await send(next), next, given.resource) : response
}
