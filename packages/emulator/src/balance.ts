import { authenticate, challenge } from './bearer.ts'
import type { EmulatorContext } from './emulator-context.ts'
import { answerV2Error } from './errors.ts'
import type { Middleware } from './http.ts'

/** `GET /v2/balance`: a piece of the Telnyx API to try a token on. */
export function balanceRoute(context: EmulatorContext): Middleware {
  return async (ctx, next) => {
    if (ctx.state.endpoint !== 'balance' || ctx.method !== 'GET') return next()
    const caller = await authenticate(context, ctx, context.options.rules.balanceScope)
    if ('error' in caller) {
      const code = caller.error === 'insufficient_scope' ? '10010' : '10009'
      answerV2Error(ctx, challenge(context, ctx, caller), code, { detail: caller.description })
      return
    }
    ctx.body = {
      data: {
        record_type: 'balance',
        balance: '182.40',
        credit_limit: '100.00',
        available_credit: '282.40',
        pending: '3.15',
        currency: 'USD',
      },
    }
  }
}
