import type { Context } from '../context.ts'
import { asSeenFor, wantedOf } from '../model/other-tokens.ts'
import type { LiveRecord } from '../model/record.ts'
import { demandIn } from '../protocol/demand.ts'
import type { GetAccessTokenOptions } from '../telnyx-auth.ts'
import { renewFor, sameSession } from './access-token.ts'
import { type GuardedRequest, send } from './fetch.ts'
import { notesOf, renewedFor } from './other-token.ts'

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

/**
 * The token to try again with after a 401, if that makes sense: a newer one that is there already, or the fruit of
 * one refresh. A token that came from a 401 and is refused as well shows that a refresh does not help.
 */
async function tokenAfter401(
  context: Context,
  given: GetAccessTokenOptions,
  used: LiveRecord,
): Promise<LiveRecord | undefined> {
  const held = sameSession(context, used.epoch)
  const wanted = wantedOf(held, given.resource, given.scope)
  const known = asSeenFor(held, wanted)
  const isUsed = (record: LiveRecord) => record.token.accessToken === used.token.accessToken
  if (known && !isUsed(known)) return known
  if (used.from401 || !held.refreshToken) return undefined
  if (!wanted) {
    context.state.refusedToken = used.token.accessToken
    return renewFor(context, used.epoch, given.signal)
  }
  notesOf(context, held.epoch, wanted.key).refusedToken = used.token.accessToken
  const next = await renewedFor(context, held, wanted, given.signal)
  return isUsed(next) ? undefined : next
}

/** Whether a newer token could change the server's mind. */
const isTokenRefused = ({ status, headers }: Response): boolean =>
  status === 401 && !headers.get('www-authenticate')?.includes('_dpop_')

/**
 * What becomes of a request that was answered with 401 or 403: one more try with a newer token, if that can help.
 *
 * @throws {TelnyxAuthError} `insufficient_scope`, `insufficient_user_authentication`: what the resource demands;
 *   why the session is over
 */
export async function afterRefusal(
  context: Context,
  guarded: GuardedRequest,
  given: GetAccessTokenOptions,
  used: LiveRecord,
  refusal: Response,
): Promise<Response> {
  const response = undemanding(refusal, used, given.resource)
  if (!isTokenRefused(response) || !guarded.isRepeatable) return response
  let next: LiveRecord | undefined
  try {
    next = await tokenAfter401(context, given, used)
  } catch {
    given.signal?.throwIfAborted()
    // No newer token: the caller gets the server's answer, the snapshot says why.
    sameSession(context, used.epoch)
  }
  return next ? undemanding(await send(context, guarded, next), next, given.resource) : response
}
