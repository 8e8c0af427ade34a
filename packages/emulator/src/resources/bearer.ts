import type { ServingContext } from '../context.ts'
import type { StepUp } from '../controls/step-ups.ts'
import type { Context } from '../http/http.ts'
import type { EmulatorAccount } from '../options/accounts.ts'
import type { ClientRecord } from '../store/client-record.ts'
import type { AccessTokenRecord } from '../tokens/access-tokens.ts'

/** Who is calling. */
export interface Principal {
  readonly account: EmulatorAccount
  /** Undefined when an API key calls. */
  readonly clientId: string | undefined
  /** Undefined when an API key calls. */
  readonly grantId: string | undefined
}

type RefusalCode =
  | 'missing_token'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'insufficient_user_authentication'
  | 'invalid_dpop_proof'
  | 'use_dpop_nonce'

/** Why a call was refused, in the words of RFC 6750, RFC 9449 and RFC 9470. */
export interface Refusal {
  readonly error: RefusalCode
  readonly description: string
  readonly scope?: string
  readonly stepUp?: StepUp
  /** The token is bound to a key, so a proof is asked for rather than a bearer token. */
  readonly isBound?: boolean
}

const CREDENTIALS = /^(Bearer|DPoP) ([\w.~+/-]+=*)$/i

/** Finds out who calls, and whether the token suffices for `scope`; without one, any token does. */
export async function identify(
  context: ServingContext,
  ctx: Context,
  scope: string | undefined,
  audiences: readonly string[] = apiAudiences(context),
): Promise<Principal | Refusal> {
  const { options, tokens, store } = context
  const [, scheme = '', token] = CREDENTIALS.exec(ctx.get('Authorization')) ?? []
  if (token === undefined)
    return { error: 'missing_token', description: 'an access token or API key is required' }
  const owner = options.accounts.find(({ apiKeys }) => apiKeys?.includes(token))
  if (owner !== undefined) return { account: owner, clientId: undefined, grantId: undefined }

  const record = await tokens.find(token)
  if (record === undefined) {
    return { error: 'invalid_token', description: 'the access token is unknown, expired or revoked' }
  }
  const refusal =
    (await refuseBinding(context, ctx, scheme, token, record)) ??
    refuseAudience(record, audiences) ??
    refuseScope(record, scope) ??
    refuseSignIn(context, ctx, record)
  if (refusal !== undefined) return refusal

  const accountId = record.accountId ?? ownerOf(store.clients.get(record.clientId))
  const account = options.accounts.find(({ id }) => id === accountId)
  if (account === undefined)
    return { error: 'invalid_token', description: 'the access token belongs to no account' }
  return { account, clientId: record.clientId, grantId: record.grantId }
}

/** A client that registered itself belongs to no account, so its own tokens open nothing. */
function ownerOf(client: ClientRecord | undefined): string | undefined {
  return client?.anonymous ? undefined : client?.user_id
}

function apiAudiences({ issuer }: ServingContext): readonly string[] {
  return [issuer, `${issuer}/`, `${issuer}/v2`]
}

async function refuseBinding(
  { dpopProofs, issuer }: ServingContext,
  ctx: Context,
  scheme: string,
  accessToken: string,
  { keyThumbprint }: AccessTokenRecord,
): Promise<Refusal | undefined> {
  const isDpop = scheme.toLowerCase() === 'dpop'
  if (keyThumbprint === undefined) {
    if (!isDpop) return undefined
    return { error: 'invalid_token', description: 'the access token is not bound to a key' }
  }
  if (!isDpop)
    return { error: 'invalid_token', description: 'the access token needs a DPoP proof', isBound: true }
  const proof = ctx.get('DPoP')
  const url = `${issuer}${ctx.path}`
  const error = await dpopProofs.check({ proof, method: ctx.method, url, accessToken, keyThumbprint })
  return error && { error, description: 'the DPoP proof does not fit the request', isBound: true }
}

function refuseAudience({ audience }: AccessTokenRecord, audiences: readonly string[]): Refusal | undefined {
  if (audience === undefined || audiences.includes(audience)) return undefined
  return { error: 'invalid_token', description: 'the access token is meant for another resource' }
}

function refuseScope({ scopes }: AccessTokenRecord, scope: string | undefined): Refusal | undefined {
  if (scope === undefined || scopes.includes(scope)) return undefined
  return { error: 'insufficient_scope', description: `this needs the scope ${scope}`, scope }
}

function refuseSignIn(
  { stepUps, store }: ServingContext,
  ctx: Context,
  record: AccessTokenRecord,
): Refusal | undefined {
  const grant = record.grantId === undefined ? undefined : store.grants.get(record.grantId)
  const stepUp = stepUps.unmet(ctx.state.endpoint, grant, store.rules.now())
  if (stepUp === undefined) return undefined
  return { error: 'insufficient_user_authentication', description: 'this needs another sign-in', stepUp }
}

/** Sets the `WWW-Authenticate` header for a refusal. @returns the status to answer with */
export function challenge({ options, dpopProofs }: ServingContext, ctx: Context, refusal: Refusal): number {
  const { error, description, scope, stepUp, isBound } = refusal
  const parts: [string, string | undefined][] = [
    ['realm', 'Telnyx API'],
    ['error', error === 'missing_token' ? undefined : error],
    ['error_description', error === 'missing_token' ? undefined : description],
    ['scope', scope],
    ['acr_values', stepUp?.acrValues?.join(' ')],
    ['max_age', stepUp?.maxAgeSeconds?.toString()],
    ['algs', isBound ? 'ES256 EdDSA RS256 PS256' : undefined],
  ]
  const given = parts.filter(([, value]) => value !== undefined).map(([name, value]) => `${name}="${value}"`)
  ctx.set('WWW-Authenticate', `${isBound ? 'DPoP' : 'Bearer'} ${given.join(', ')}`)
  if (isBound && dpopProofs.nonce !== undefined) ctx.set('DPoP-Nonce', dpopProofs.nonce)
  return error === 'insufficient_scope' ? options.insufficientScopeStatus : 401
}
