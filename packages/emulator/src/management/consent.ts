import type { ServingContext } from '../context.ts'
import type { Context } from '../http/http.ts'
import { completeInteraction } from '../oauth/complete-interaction.ts'
import { allow, deny, findPendingConsent, type PendingConsent } from '../oauth/consent.ts'
import { describeScope } from '../options/scopes.ts'
import type { Principal } from '../resources/bearer.ts'
import { admit, refuse } from './refuse.ts'
import type { ManagementRoutes, Tools } from './route.ts'

const DECLARED = [422]

/** What a consent page of somebody else's needs: the details of a pending request, and a place for the decision. */
export function consentRoutes(context: ServingContext, tools: Tools): ManagementRoutes {
  return [
    ['GET', '/v2/oauth/consent/:id', (ctx, token) => describe(context, ctx, token)],
    ['POST', '/v2/oauth/grants', (ctx) => decide(context, tools, ctx)],
  ]
}

async function describe(context: ServingContext, ctx: Context, token: string): Promise<void> {
  const caller = await admit(context, ctx, DECLARED, undefined)
  if (caller === undefined) return
  const pending = await findPendingConsent(context, token)
  const client = pending && context.store.clients.get(pending.clientId)
  if (pending === undefined || client === undefined) {
    refuseToken(context, ctx)
    return
  }
  const { client_id, name, logo_uri, policy_uri, tos_uri, verified } = client
  ctx.body = {
    data: {
      client_id,
      name,
      logo_uri,
      policy_uri,
      tos_uri,
      redirect_uri: pending.redirectUri,
      requested_scopes: pending.scopes.map(describeScope),
      verified,
    },
  }
}

async function decide(context: ServingContext, { schemas }: Tools, ctx: Context): Promise<void> {
  const caller = await admit(context, ctx, DECLARED, undefined)
  if (caller === undefined) return
  const [violation] = schemas.violations('decideGrant', ctx.state.json)
  if (violation !== undefined) {
    refuse(context, ctx, DECLARED, {
      status: 422,
      code: '10027',
      error: 'invalid_request',
      description: `${violation.field || 'the body'} ${violation.message}`,
      pointer: violation.pointer,
    })
    return
  }
  const { allowed, consent_token: token } = ctx.state.json as { allowed: boolean; consent_token: string }
  const pending = await findPendingConsent(context, token)
  if (pending !== undefined && !mayDecide(context, caller, pending)) {
    refuse(context, ctx, DECLARED, {
      status: 403,
      code: '10010',
      error: 'access_denied',
      description: 'an API key decides, or a token of the client that the consent page signs in with',
    })
    return
  }
  const redirect = pending && (await answer(context, pending, allowed ? caller.account.id : undefined))
  if (redirect === undefined) refuseToken(context, ctx)
  else ctx.body = { redirect_uri: redirect }
}

/**
 * An app must not approve its own requests: the API is for the consent page. That page holds a token of a client
 * that `consentUrl.except` names, whose own requests go to the built-in page.
 */
function mayDecide({ options }: ServingContext, { clientId }: Principal, pending: PendingConsent): boolean {
  const { except = [] } = options.consentPage ?? {}
  return clientId === undefined || (except.includes(clientId) && !except.includes(pending.clientId))
}

async function answer(
  context: ServingContext,
  pending: PendingConsent,
  accountId: string | undefined,
): Promise<string | undefined> {
  const resumeUrl =
    accountId === undefined ? await deny(context, pending) : await allow(context, pending, accountId)
  return completeInteraction(context, resumeUrl)
}

function refuseToken(context: ServingContext, ctx: Context): void {
  refuse(context, ctx, DECLARED, {
    status: 422,
    code: '10027',
    error: 'invalid_request',
    description: 'the consent token is unknown, expired or was used',
  })
}
