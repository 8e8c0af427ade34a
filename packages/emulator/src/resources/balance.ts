import type { ServingContext } from '../context.ts'
import { admit } from '../management/refuse.ts'
import type { ManagementRoutes } from '../management/route.ts'

/** `GET /v2/balance`: a piece of the Telnyx API to try a token on. */
export function balanceRoutes(context: ServingContext): ManagementRoutes {
  return [
    [
      'GET',
      '/v2/balance',
      async (ctx) => {
        const caller = await admit(context, ctx, [], context.options.rules.resourceScopes.balance)
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
      },
    ],
  ]
}
