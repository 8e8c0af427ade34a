import { randomUUID } from 'node:crypto'
import type { Interaction } from 'oidc-provider'
import { resourcesOf, type ServingContext } from '../context.ts'
import { authenticationAsked } from './provider.ts'

/** A request for consent that waits for somebody's answer. */
export interface PendingConsent {
  readonly interaction: Interaction
  readonly clientId: string
  readonly redirectUri: string
  readonly scopes: readonly string[]
  readonly loginHint: string | undefined
}

/** The request behind a consent token; `undefined` when it expired, was answered or never was. */
export async function findPendingConsent(
  context: ServingContext,
  token: string,
): Promise<PendingConsent | undefined> {
  const interaction = await context.provider.Interaction.find(token)
  if (interaction === undefined) return undefined
  const { client_id: clientId, redirect_uri: redirectUri, scope, login_hint: loginHint } = interaction.params
  return {
    interaction,
    clientId: String(clientId),
    redirectUri: String(redirectUri),
    scopes: scopesAsked(context, String(clientId), scope),
    loginHint: typeof loginHint === 'string' ? loginHint : undefined,
  }
}

function scopesAsked(
  { store, options }: ServingContext,
  clientId: string,
  scope: unknown,
): readonly string[] {
  if (typeof scope === 'string' && scope !== '') return scope.split(' ')
  return store.clients.get(clientId)?.allowed_scopes ?? options.rules.scopes
}

/** Records that the person said yes. @returns where the browser must go to collect the code */
export async function allow(
  context: ServingContext,
  pending: PendingConsent,
  accountId: string,
): Promise<string> {
  const { interaction, clientId, scopes } = pending
  if (!claim(context, interaction)) return interaction.returnTo
  const grant = new context.provider.Grant({ accountId, clientId })
  grant.jti = randomUUID()
  grant.addOIDCScope(scopes.join(' '))
  for (const resource of resourcesAsked(context, interaction))
    grant.addResourceScope(resource, scopes.join(' '))
  const grantId = await grant.save()
  const [acr] = authenticationAsked(interaction.params).acrValues
  const record = context.store.grants.get(grantId)
  if (record !== undefined) context.store.grants.set(grantId, { ...record, acr })
  if (interaction.session !== undefined && interaction.session.accountId !== accountId) {
    // Another person than the remembered one: oidc-provider would ask to log out first.
    const session = await context.provider.Session.findByUid(interaction.session.uid)
    if (session !== undefined) context.store.model('Session').delete(session.jti)
    delete interaction.session
  }
  return answer(interaction, {
    login: { accountId, remember: context.options.rememberSignIn, ...(acr === undefined ? {} : { acr }) },
    consent: { grantId },
  })
}

/** Records that the person said no. @returns where the browser must go to collect the error */
export async function deny(context: ServingContext, pending: PendingConsent): Promise<string> {
  if (!claim(context, pending.interaction)) return pending.interaction.returnTo
  return answer(pending.interaction, {
    error: 'access_denied',
    error_description: 'the user denied the request',
  })
}

/** Takes the right to decide, once: the second click of a double click must not leave a grant of its own. */
function claim({ store }: ServingContext, { uid }: Interaction): boolean {
  const rows = store.model('Interaction')
  const row = rows.get(uid)
  if (row === undefined || row.payload.isClaimed || row.payload.result !== undefined) return false
  rows.set(uid, { ...row, payload: { ...row.payload, isClaimed: true } })
  return true
}

async function answer(interaction: Interaction, result: NonNullable<Interaction['result']>): Promise<string> {
  interaction.result = result
  await interaction.persist()
  return interaction.returnTo
}

function resourcesAsked(context: ServingContext, interaction: Interaction): readonly string[] {
  const { resource } = interaction.params
  const asked = Array.isArray(resource)
    ? resource.map(String)
    : typeof resource === 'string'
      ? [resource]
      : []
  return asked.length > 0 ? asked : resourcesOf(context).slice(0, 1)
}
