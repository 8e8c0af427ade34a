import type { ServingContext } from '../context.ts'
import type { Context } from '../http/http.ts'
import { type PageQuery, readPageQuery } from './pages.ts'
import { refuse } from './refuse.ts'

/** The page that a request asks for; `undefined` if there is none such, and the refusal has been answered. */
export function readPage(
  context: ServingContext,
  ctx: Context,
  declared: readonly number[],
): PageQuery | undefined {
  const page = readPageQuery(ctx.state.params)
  if (typeof page !== 'string') return page
  refuse(context, ctx, declared, {
    status: 400,
    code: '10015',
    error: 'invalid_request',
    description: `the parameter ${page} must be a whole number above 0`,
    parameter: page,
  })
  return undefined
}
