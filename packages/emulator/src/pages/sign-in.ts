import type { ServingContext } from '../context.ts'
import { isRead, type Middleware } from '../http/http.ts'
import { allow, deny, findPendingConsent, type PendingConsent } from '../oauth/consent.ts'
import { isHttpUrl } from '../options/member-rules.ts'
import { describeScope } from '../options/scopes.ts'
import { consentPage, destination } from './consent-page.ts'
import { renderAuthorizeError } from './error-page.ts'
import { answerPage } from './page.ts'

const INTERACTION_COOKIE = '_interaction'

/** The built-in sign-in and consent page, at `/sign-in/{consent token}`. */
export function signInRoutes(context: ServingContext): Middleware {
  return async (ctx, next) => {
    if (ctx.state.endpoint !== 'sign-in') return next()
    const token = ctx.state.id
    // Anybody may look; only the browser that began the request may answer it, for it holds the cookie.
    const mayAnswer = ctx.cookies.get(INTERACTION_COOKIE) === token
    const pending = mayAnswer || isRead(ctx) ? await findPendingConsent(context, token) : undefined
    if (pending === undefined) {
      renderAuthorizeError(
        ctx,
        'invalid_request',
        'the sign-in has expired, was finished already, or began in another browser',
      )
      return
    }
    if (ctx.method === 'POST') seeOther(ctx, await decide(context, pending, ctx.state.bodyParams))
    else showConsent(context, pending, ctx)
  }
}

async function decide(
  context: ServingContext,
  pending: PendingConsent,
  params: Readonly<Record<string, string>>,
): Promise<string> {
  const account = context.options.accounts.find(({ id }) => id === params.account)
  if (params.decision !== 'allow' || account === undefined) return deny(context, pending)
  return allow(context, pending, account.id)
}

function showConsent(context: ServingContext, pending: PendingConsent, ctx: Parameters<Middleware>[0]): void {
  const { options, store } = context
  const client = store.clients.get(pending.clientId)
  if (client === undefined) {
    renderAuthorizeError(ctx, 'invalid_client', 'the app was deleted meanwhile')
    return
  }
  const { accounts } = options
  const hint = pending.loginHint
  const hinted = accounts.find(({ id, email }) => hint !== undefined && (email === hint || id === hint))
  const selectedAccountId = pending.interaction.session?.accountId ?? hinted?.id ?? options.firstAccount.id
  answerPage(
    ctx,
    200,
    `Sign in to ${client.name}`,
    consentPage({
      client,
      accounts,
      selectedAccountId,
      scopes: pending.scopes.map(describeScope),
      redirectUri: pending.redirectUri,
    }),
    {
      formTargets: [destination(pending.redirectUri)],
      // Only an origin: any other text could add directives to the content security policy.
      images: isHttpUrl(client.logo_uri) ? [new URL(String(client.logo_uri)).origin] : [],
    },
  )
}

function seeOther(ctx: Parameters<Middleware>[0], url: string): void {
  ctx.redirect(url)
  ctx.status = 303
}
