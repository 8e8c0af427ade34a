import type { ServingContext } from '../context.ts'
import type { Context } from '../http/http.ts'
import { pageOf } from '../management/pages.ts'
import { readPage } from '../management/read-page.ts'
import { admit, refuse } from '../management/refuse.ts'
import type { EmulatorAccount } from '../options/accounts.ts'

/**
 * Responds with a page of what an account has.
 *
 * A filter or an order is refused: a test of one that did nothing would pass for the wrong reason.
 */
export async function respondWithList<Item>(
  context: ServingContext,
  ctx: Context,
  scope: string,
  itemsOf: (account: EmulatorAccount) => readonly Item[],
): Promise<void> {
  const caller = await admit(context, ctx, [], scope)
  if (caller === undefined) return
  const parameter = Object.keys(ctx.state.params).find((name) => /^(filter|sort)\b/.test(name))
  if (parameter !== undefined) {
    refuse(context, ctx, [], {
      status: 400,
      code: '10015',
      error: 'invalid_request',
      description: `the emulator does not filter or sort this list: ${parameter}`,
      parameter,
    })
    return
  }
  const page = readPage(context, ctx, [])
  if (page !== undefined) ctx.body = pageOf(itemsOf(caller.account), page, (item) => item)
}
