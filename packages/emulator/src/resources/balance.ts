import type { ServingContext } from '../context.ts'
import { isRead, type Middleware } from '../http/http.ts'
import { admit } from '../management/refuse.ts'

/** `GET /v2/balance`: a piece of the Telnyx API to try a token on. */
export function balanceRoute(context: ServingContext): Middleware {
  return async (ctx, next) => {
    if (ctx.state.endpoint !== 'balance' || !isRead(ctx)) return next()
    const caller = await admit(context, ctx, [], context.options.rules.balanceScope)
    if (caller === undefined) return
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
