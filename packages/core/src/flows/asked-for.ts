import type { Context } from '../context.ts'
import { isTelnyxAuthError, TelnyxAuthError } from '../errors.ts'
import { scopesFrom } from '../model/tokens.ts'
import { checkOption, listOf } from '../options.ts'
import type { SignInOptions } from '../telnyx-auth.ts'

/** The scopes, resources and further parameters of an authorization request. */
export interface AskedFor {
  readonly scopes: readonly string[]
  readonly targets: readonly string[]
  readonly extra: Readonly<Record<string, string>>
}

/** Few sign-ins are step-ups, so their code is loaded when it is first needed. */
async function loadStepUp(): Promise<typeof import('./step-up.ts')> {
  try {
    return await import('./step-up.ts')
  } catch (cause) {
    throw new TelnyxAuthError('network_error', { phase: 'sign-in', cause })
  }
}

const union = (...lists: readonly (readonly string[] | undefined)[]): readonly string[] => [
  ...new Set(lists.flatMap((list) => list ?? [])),
]

/**
 * The authorization request of a step-up: the scopes and resources that the session has, and those that are missing.
 *
 * @throws {TypeError} `stepUp` is wrong
 * @throws {TelnyxAuthError} `step_up_loop`
 * @see RFC 9470 section 4
 */
async function steppedUp(context: Context, given: SignInOptions): Promise<AskedFor> {
  const { missingIn, isStepUpLoop } = await loadStepUp()
  const { options, state } = context
  const { current } = state.session
  const { scope, resource, prompt, stepUp } = given
  const missing = missingIn(stepUp, isTelnyxAuthError(stepUp) ? stepUp : undefined)
  if (missing.resource !== undefined) checkOption('signIn', 'resource', missing.resource)
  if (isStepUpLoop(context, missing)) throw new TelnyxAuthError('step_up_loop')
  const { scopes, acrValues, maxAgeSeconds } = missing
  const had = current?.asked ?? current?.token.scopes ?? options.scopes
  const targets = resource === undefined ? union(current?.targets, options.targets) : listOf(resource)
  // A server that remembers the person would let them pass as they are.
  const isVague =
    stepUp?.code === 'insufficient_user_authentication' && !acrValues && maxAgeSeconds === undefined
  return {
    scopes: union(scope === undefined ? had : scopesFrom(scope), scopes),
    targets: union(targets, listOf(missing.resource)),
    extra: {
      ...(acrValues && { acr_values: acrValues.join(' ') }),
      ...(maxAgeSeconds !== undefined && { max_age: String(maxAgeSeconds) }),
      ...(isVague && { prompt: prompt ?? 'login' }),
    },
  }
}

/**
 * Decides what a sign-in asks for: what was given, else what the app always asks for; with `stepUp` also what the
 * session has and lacks.
 *
 * @throws {TypeError} `scope`, `resource` or `stepUp` is wrong
 * @throws {TelnyxAuthError} `step_up_loop`; `network_error`: the code of the step-up cannot be loaded
 * @see RFC 9470 section 4
 */
export async function askedFor(context: Context, given: SignInOptions): Promise<AskedFor> {
  const { scopes, targets } = context.options
  const { scope, resource, stepUp } = given
  for (const name of ['scope', 'resource'] as const) {
    if (given[name] !== undefined) checkOption('signIn', name, given[name])
  }
  if (stepUp !== undefined) return steppedUp(context, given)
  return {
    scopes: scope === undefined ? scopes : scopesFrom(scope),
    targets: resource === undefined ? targets : listOf(resource),
    extra: {},
  }
}
