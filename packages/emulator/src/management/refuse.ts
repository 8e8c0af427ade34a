import type { ServingContext } from '../context.ts'
import { answerOAuthError, answerV2Error } from '../http/errors.ts'
import type { Context } from '../http/http.ts'
import { challenge, identify, type Principal, type Refusal } from '../resources/bearer.ts'

/** An error in both of the contract's languages. */
export interface ApiError {
  readonly status: number
  /** Code of the v2 envelope. */
  readonly code: string
  /** Code of the OAuth body. */
  readonly error: string
  readonly description: string
  /** JSON pointer to the member at fault. */
  readonly pointer?: string
  /** Name of the query parameter at fault. */
  readonly parameter?: string
}

/**
 * Answers with an error in the style of the profile.
 *
 * A status the contract does not declare for the operation has no OAuth body to conform to: it is always v2.
 */
export function refuse(
  context: ServingContext,
  ctx: Context,
  declared: readonly number[],
  error: ApiError,
): void {
  const { status, code, description, ...source } = error
  if (context.options.rules.errorStyle === 'oauth' && declared.includes(status)) {
    answerOAuthError(ctx, status, error.error, description)
  } else {
    const { pointer, parameter } = source
    answerV2Error(ctx, status, code, {
      detail: description,
      ...(pointer === undefined ? {} : { pointer }),
      ...(parameter === undefined ? {} : { parameter }),
    })
  }
}

/** Refuses a caller with a challenge. */
export function refuseCaller(
  context: ServingContext,
  ctx: Context,
  declared: readonly number[],
  refusal: Refusal,
): void {
  const isScope = refusal.error === 'insufficient_scope'
  refuse(context, ctx, declared, {
    status: challenge(context, ctx, refusal),
    code: isScope ? '10010' : '10009',
    error: refusal.error === 'missing_token' ? 'invalid_token' : refusal.error,
    description: refusal.description,
  })
}

/** The caller, if it may do this; otherwise the refusal has been answered. */
export async function admit(
  context: ServingContext,
  ctx: Context,
  declared: readonly number[],
  scope: string | undefined,
): Promise<Principal | undefined> {
  const caller = await identify(context, ctx, scope)
  if (!('error' in caller)) return caller
  refuseCaller(context, ctx, declared, caller)
  return undefined
}
