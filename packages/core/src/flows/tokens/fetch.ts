import type { Context } from '../../context.ts'
import { TelnyxAuthError } from '../../errors.ts'
import type { LiveRecord } from '../../model/record.ts'
import { parseUrl, prefixesOf } from '../../model/urls.ts'
import type { TokenTarget } from '../../telnyx-auth.ts'
import { chosenToken } from './access-token.ts'

/** A request that may carry the token. */
interface GuardedRequest {
  readonly input: RequestInfo | URL
  readonly url: URL
  readonly init: RequestInit & { readonly headers: Headers; readonly redirect: RequestRedirect }
  readonly isRepeatable: boolean
}

/** The signal of a request, as `fetch` reads it: `null` in `init` is none. */
export const signalOf = (input: RequestInfo | URL, init?: RequestInit): AbortSignal | null | undefined =>
  init?.signal === undefined && input instanceof Request ? input.signal : init?.signal

/** Refuses whatever might carry the token elsewhere. @throws {TelnyxAuthError} before anything is sent */
function guard({ options, page }: Context, input: RequestInfo | URL, init: RequestInit = {}): GuardedRequest {
  const request = input instanceof Request ? input : undefined
  const url = parseUrl(request?.url ?? String(input), page.href())
  if (!url || !prefixesOf(url, options.allowedUrls)[0])
    throw new TelnyxAuthError('resource_not_allowed', { subject: url?.origin })
  const headers = new Headers(init.headers ?? request?.headers)
  // A browser that follows a redirect sends the token to any path of the origin, and a DPoP proof to any origin.
  const redirect = init.redirect ?? 'manual'
  const isFollowed = redirect === 'follow'
  if (headers.has('authorization') || (init.mode ?? request?.mode) === 'no-cors' || isFollowed) {
    throw new TelnyxAuthError('request_not_allowed')
  }
  const isStream =
    init.body instanceof ReadableStream || (request && !init.body && !/^(GET|HEAD)$/.test(request.method))
  return { input: request ?? url, url, init: { ...init, headers, redirect }, isRepeatable: !isStream }
}

/** Sends it. @throws {TelnyxAuthError} `unexpected_redirect` */
async function send(
  context: Context,
  { input, init, isRepeatable }: GuardedRequest,
  { token: { accessToken, tokenType }, proofKey }: LiveRecord,
): Promise<Response> {
  const { fetch } = context.transport
  const headers = new Headers(init.headers)
  headers.set('authorization', `${tokenType ?? 'Bearer'} ${accessToken}`)
  const request = { ...init, headers }
  const prover =
    tokenType && proofKey && (await (await context.loadServerFlows()).loadProver(context, proofKey))
  const response = await (prover
    ? prover.send(fetch, input, request, accessToken, isRepeatable)
    : fetch(input, request))
  const isRedirect = response.type === 'opaqueredirect' || [301, 302, 303, 307, 308].includes(response.status)
  if (init.redirect === 'manual' && isRedirect) throw new TelnyxAuthError('unexpected_redirect')
  return response
}

/**
 * `fetch` with the access token of the resource that covers the URL, for allowed URLs only.
 *
 * @throws {TelnyxAuthError} `resource_not_allowed`, `request_not_allowed`, `unexpected_redirect`, `session_replaced`,
 *   `insufficient_scope`, `insufficient_user_authentication`, or why there is no token
 * @see RFC 6750 sections 2.1 and 3.1
 */
export async function fetchWithToken(
  context: Context,
  input: RequestInfo | URL,
  init?: RequestInit,
  target: TokenTarget = {},
): Promise<Response> {
  const guarded = guard(context, input, init)
  const { targets = [] } = context.state.session.current ?? context.options
  const isOwn = target.resource === undefined && targets.length < 2
  const chosen = isOwn ? target : (await context.loadTokenFlows()).targetFor(context, guarded.url, target)
  const used = await chosenToken(context, chosen)
  const sendWith = (record: LiveRecord) => send(context, guarded, record)
  const response = await sendWith(used)
  if (response.status !== 401 && response.status !== 403) return response
  return context.loadTokenFlows().then(
    ({ handleUnauthorized }) =>
      handleUnauthorized(context, { ...guarded, send: sendWith }, chosen, used, response),
    () => response,
  )
}
