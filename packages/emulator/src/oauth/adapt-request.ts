import { createHash } from 'node:crypto'
import type { ServingContext } from '../context.ts'
import { type Context, isRead, type Middleware, replaceRequest } from '../http/http.ts'
import { basicCredentials } from '../http/params.ts'
import { type BufferedRequest, withBody } from '../http/read-bodies.ts'
import { PRIVATE_PARAMS, REQUESTED_SCOPE } from './provider.ts'

/** Puts requests into the form that oidc-provider takes, without changing what they mean. */
export function adaptRequest(context: ServingContext): Middleware {
  return async (ctx, next) => {
    const { endpoint } = ctx.state
    if (endpoint === 'authorize' && isRead(ctx)) {
      ctx.querystring = withAuthorizeDefaults(context, new URLSearchParams(ctx.querystring)).toString()
    } else if (endpoint === 'par' && ctx.method === 'POST') {
      const body = new URLSearchParams((ctx.req as BufferedRequest).bodyBytes.toString('utf8'))
      replaceForm(ctx, withAuthorizeDefaults(context, body))
    } else if (endpoint === 'token' && ctx.method === 'POST') {
      const form = tokenForm(context, ctx)
      if (form !== undefined) replaceForm(ctx, form)
    }
    await next()
  }
}

function replaceForm(ctx: Context, form: URLSearchParams): void {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', ...withoutBearer(ctx) }
  replaceRequest(ctx, withBody(ctx.req, Buffer.from(form.toString()), headers))
}

function withAuthorizeDefaults({ store, options }: ServingContext, params: URLSearchParams): URLSearchParams {
  const client = store.clients.get(params.get('client_id') ?? '')
  if (!params.has('request_uri') && !params.get('scope') && client !== undefined) {
    params.set('scope', (client.allowed_scopes ?? options.rules.scopes).join(' '))
  }
  params.delete(REQUESTED_SCOPE)
  if (params.has('scope')) params.set(REQUESTED_SCOPE, params.get('scope') ?? '')
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

/** The official SDK sends its API key along with every request; here it means nothing. */
function withoutBearer(ctx: Context): Readonly<Record<string, undefined>> {
  return /^Bearer /i.test(ctx.get('Authorization')) ? { authorization: undefined } : {}
}

/** @returns `undefined` when the body is no form and no JSON object */
function tokenForm({ store, options }: ServingContext, ctx: Context): URLSearchParams | undefined {
  const { bodyParams, json } = ctx.state
  const isForm = ctx.is('application/x-www-form-urlencoded') !== false
  if (!isForm && (typeof json !== 'object' || json === null)) return undefined
  const { bodyBytes } = ctx.req as BufferedRequest
  const form = new URLSearchParams(isForm ? bodyBytes.toString('utf8') : bodyParams)
  if (form.get('grant_type') !== 'client_credentials' || form.has('scope')) return form
  const id = form.get('client_id') ?? basicCredentials(ctx.headers)?.id ?? ''
  form.set('scope', (store.clients.get(id)?.allowed_scopes ?? options.rules.scopes).join(' '))
  return form
}
