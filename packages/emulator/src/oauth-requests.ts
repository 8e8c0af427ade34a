import { createHash } from 'node:crypto'
import type { ServingContext } from './emulator-context.ts'
import { type Context, type Middleware, replaceRequest, withBody } from './http.ts'
import { basicCredentials } from './params.ts'
import { PRIVATE_PARAMS } from './provider.ts'

type Params = Record<string, string>

/** Puts requests into the form that oidc-provider takes, without changing what they mean. */
export function oauthRequests(context: ServingContext): Middleware {
  return async (ctx, next) => {
    const { endpoint, json } = ctx.state
    if (endpoint === 'authorize' && ctx.method === 'GET') {
      ctx.querystring = withAuthorizeDefaults(context, new URLSearchParams(ctx.querystring)).toString()
    } else if (endpoint === 'par' && ctx.method === 'POST') {
      const body = new URLSearchParams((ctx.req as { bodyBytes?: Buffer }).bodyBytes?.toString('utf8'))
      replaceForm(ctx, withAuthorizeDefaults(context, body))
    } else if (endpoint === 'token' && ctx.method === 'POST') {
      const { grant_type: grant, scope } = ctx.state.params
      const isJson = json !== undefined
      if (grant === 'client_credentials' && scope === undefined)
        replaceForm(ctx, withClientScopes(context, ctx))
      else if (isJson) replaceForm(ctx, new URLSearchParams(ctx.state.params))
    }
    await next()
  }
}

function replaceForm(ctx: Context, form: URLSearchParams): void {
  replaceRequest(ctx, withBody(ctx.req, Buffer.from(form.toString()), 'application/x-www-form-urlencoded'))
}

function withAuthorizeDefaults({ store, options }: ServingContext, params: URLSearchParams): URLSearchParams {
  const client = store.clients.get(params.get('client_id') ?? '')
  if (!params.has('request_uri') && !params.get('scope') && client !== undefined) {
    params.set('scope', (client.allowed_scopes ?? options.rules.scopes).join(' '))
  }
  const hasOpenid = params.get('scope')?.split(' ').includes('openid')
  for (const [name, privateName] of Object.entries(PRIVATE_PARAMS)) {
    const value = params.get(name)
    if (value === null || hasOpenid) continue
    params.delete(name)
    params.set(privateName, value)
  }
  if (options.rules.codeChallengeMethods.includes('plain')) hashPlainChallenge(params)
  return params
}

/** oidc-provider knows S256 only. A plain challenge is the verifier, so hashing it here comes to the same. */
function hashPlainChallenge(params: URLSearchParams): void {
  const challenge = params.get('code_challenge')
  const method = params.get('code_challenge_method') ?? 'plain'
  if (challenge === null || method !== 'plain') return
  params.set('code_challenge', createHash('sha256').update(challenge).digest('base64url'))
  params.set('code_challenge_method', 'S256')
}

function withClientScopes({ store, options }: ServingContext, ctx: Context): URLSearchParams {
  const params: Params = { ...ctx.state.params }
  const id = params.client_id ?? basicCredentials(ctx.headers)?.id ?? ''
  const scopes = store.clients.get(id)?.allowed_scopes ?? options.rules.scopes
  return new URLSearchParams({ ...params, scope: scopes.join(' ') })
}
