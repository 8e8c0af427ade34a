import { answerV2Error } from '../http/errors.ts'
import type { Context } from '../http/http.ts'
import type { RefusalName, RefusalResponse } from '../options/refusals.ts'

const description = 'Token has been revoked'

const REFUSALS: Readonly<Record<RefusalName, (ctx: Context) => void>> = {
  invalid_grant: () => {},
  challenge: (ctx) =>
    ctx.set(
      'WWW-Authenticate',
      `Bearer realm="Telnyx API", error="invalid_grant", error_description="${description}"`,
    ),
  invalid_request: (ctx) =>
    respond(ctx, { status: 400, body: { error: 'invalid_request', error_description: description } }),
  empty: (ctx) => respond(ctx, { status: 400 }),
  'v2-errors': (ctx) => {
    answerV2Error(ctx, 400, '10015', { detail: description })
  },
}

/** Words the refusal of a dead refresh token as the option `refreshTokenRefusal` says. */
export function rewordRefusal(ctx: Context, refusal: RefusalName | RefusalResponse): void {
  const { error } = ctx.body as { readonly error?: unknown }
  if (ctx.state.params.grant_type !== 'refresh_token' || error !== 'invalid_grant') return
  if (typeof refusal === 'string') REFUSALS[refusal](ctx)
  else respond(ctx, refusal)
}

function respond(ctx: Context, { status, headers, body = '' }: RefusalResponse): void {
  ctx.status = status
  ctx.body = body
  if (body === '') ctx.remove('content-type')
  ctx.set({ ...headers })
}
