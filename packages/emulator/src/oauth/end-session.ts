import { basePathOf, type ServingContext } from '../context.ts'
import type { Context, Middleware } from '../http/http.ts'
import { destination } from '../pages/consent-page.ts'
import { renderAuthorizeError } from '../pages/error-page.ts'
import { answerPage } from '../pages/page.ts'
import { signedOutPage, signOutPage } from '../pages/sign-out-page.ts'
import type { ClientRecord } from '../store/client-record.ts'
import { readIdTokenHint } from '../tokens/keys.ts'
import { mayRedirect } from './client-metadata.ts'

/** A sign-out that may go on: an app asked for it, and its redirect URI is registered. */
interface LogoutRequest {
  readonly client: ClientRecord | undefined
  /** Where the browser goes afterwards, `state` included. */
  readonly returnUrl: string | undefined
  /** An ID token proves that the app had signed the user in: no question is needed. */
  readonly isHinted: boolean
}

class LogoutError extends Error {
  override readonly name = 'LogoutError'
  readonly error: string

  constructor(error: string, description: string) {
    super(description)
    this.error = error
  }
}

/**
 * Ends the session of the browser at `/v2/oauth/logout`.
 *
 * A route of the emulator's own: the page of oidc-provider submits its form by an inline script, which the content
 * security policy of the pages forbids.
 *
 * @see OpenID Connect RP-Initiated Logout 1.0
 */
export function endSessionRoute(context: ServingContext): Middleware {
  return async (ctx, next) => {
    const isAsked = ctx.method === 'GET' || ctx.method === 'POST'
    if (ctx.state.endpoint !== 'end-session' || !context.options.endSession || !isAsked) return next()
    try {
      const request = await readRequest(context, ctx.state.params)
      const isConfirmed = ctx.method === 'POST' && ctx.state.params.decision === 'sign-out'
      if (request.isHinted || isConfirmed) endSession(context, ctx, request)
      else askUser(context, ctx, request)
    } catch (error) {
      if (!(error instanceof LogoutError)) throw error
      renderAuthorizeError(ctx, error.error, error.message)
    }
  }
}

async function readRequest(
  context: ServingContext,
  params: Readonly<Record<string, string>>,
): Promise<LogoutRequest> {
  const { id_token_hint: hint, client_id: clientId, post_logout_redirect_uri: uri, state } = params
  const audience = hint === undefined ? undefined : await audienceOf(context, hint, clientId)
  const id = audience ?? clientId
  const client = id === undefined ? undefined : context.store.clients.get(id)
  if (id !== undefined && client === undefined)
    throw new LogoutError('invalid_client', 'the client is not registered')
  if (uri !== undefined && !mayRedirect(context, client?.post_logout_redirect_uris ?? [], uri)) {
    throw new LogoutError(
      'invalid_redirect_uri',
      `${uri} is no post-logout redirect URI of the client ${id ?? '(client_id is missing)'}`,
    )
  }
  return {
    client,
    returnUrl: uri === undefined ? undefined : withState(uri, state),
    isHinted: hint !== undefined,
  }
}

async function audienceOf(
  { keys, issuer }: ServingContext,
  hint: string,
  clientId: string | undefined,
): Promise<string> {
  const claims = await readIdTokenHint(hint, keys.idTokens)
  const audience = [claims?.aud].flat()[0]
  if (claims?.iss !== issuer || audience === undefined)
    throw new LogoutError('invalid_request', 'id_token_hint is no ID token of this server')
  if (clientId !== undefined && clientId !== audience)
    throw new LogoutError('invalid_request', 'client_id is not the audience of id_token_hint')
  return audience
}

function withState(uri: string, state: string | undefined): string {
  const url = new URL(uri)
  if (state !== undefined) url.searchParams.set('state', state)
  return url.href
}

function askUser(context: ServingContext, ctx: Context, { client, returnUrl }: LogoutRequest): void {
  const action = `${basePathOf(context)}${ctx.path}`
  answerPage(ctx, 200, 'Sign out', signOutPage(client, ctx.state.params, action), {
    formTargets: returnUrl === undefined ? [] : [destination(returnUrl)],
  })
}

function endSession(context: ServingContext, ctx: Context, { returnUrl }: LogoutRequest): void {
  const { store, provider } = context
  const cookie = provider.cookieName('session')
  const id = ctx.cookies.get(cookie)
  if (id !== undefined) store.model('Session').delete(id)
  ctx.cookies.set(cookie, null, { path: basePathOf(context) || '/' })
  if (returnUrl === undefined) answerPage(ctx, 200, 'Signed out', signedOutPage())
  else {
    ctx.redirect(returnUrl)
    ctx.status = 303
  }
}
