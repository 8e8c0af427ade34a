import type { EmulatorAccount } from './accounts.ts'
import type { EmulatorContext } from './emulator-context.ts'
import type { Context } from './http.ts'

/** Who is calling. */
export interface Principal {
  readonly account: EmulatorAccount
  /** `undefined`: an API key, which may do everything. */
  readonly scopes: readonly string[] | undefined
  readonly grantId: string | undefined
}

/** Why a call was refused, in the words of RFC 6750. */
export interface Refusal {
  readonly error: 'missing_token' | 'invalid_token' | 'insufficient_scope'
  readonly description: string
  readonly scope?: string
}

/** Finds out who calls and whether the token suffices. */
export async function authenticate(
  context: EmulatorContext,
  ctx: Context,
  scope: string,
): Promise<Principal | Refusal> {
  const { options, tokens, store, issuer } = context
  const token = /^Bearer (\S+)$/i.exec(ctx.get('Authorization'))?.[1]
  if (token === undefined)
    return { error: 'missing_token', description: 'an access token or API key is required' }
  const owner = options.accounts.find(({ apiKeys }) => apiKeys?.includes(token))
  if (owner !== undefined) return { account: owner, scopes: undefined, grantId: undefined }

  const facts = await tokens.find(token)
  if (facts === undefined)
    return { error: 'invalid_token', description: 'the access token is unknown, expired or revoked' }
  ctx.state.entry.clientId = facts.clientId
  const audiences = [issuer, `${issuer}/`, `${issuer}/v2`]
  if (facts.audience !== undefined && !audiences.includes(facts.audience)) {
    return { error: 'invalid_token', description: 'the access token is meant for another resource' }
  }
  if (!facts.scopes.includes(scope)) {
    return { error: 'insufficient_scope', description: `this needs the scope ${scope}`, scope }
  }
  const accountId = facts.accountId ?? store.clients.get(facts.clientId)?.user_id
  const account = options.accounts.find(({ id }) => id === accountId) ?? options.firstAccount
  return { account, scopes: facts.scopes, grantId: facts.grantId }
}

/** Sets the challenge of a refusal. @returns the status to answer with */
export function challenge(context: EmulatorContext, ctx: Context, refusal: Refusal): number {
  const { error, description, scope } = refusal
  const parts = ['realm="Telnyx API"']
  if (error !== 'missing_token') parts.push(`error="${error}"`, `error_description="${description}"`)
  if (scope !== undefined) parts.push(`scope="${scope}"`)
  ctx.set('WWW-Authenticate', `Bearer ${parts.join(', ')}`)
  return error === 'insufficient_scope' ? context.options.insufficientScopeStatus : 401
}
