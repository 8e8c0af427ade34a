import type { Context } from '../context.ts'
import { scopesFrom } from '../model/tokens.ts'
import { checkOption, listOf } from '../options.ts'
import type { SignInOptions } from '../telnyx-auth.ts'
import type { AskedFor } from './step-up.ts'

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
  if (stepUp !== undefined) return (await context.loadTokenFlows()).steppedUp(context, given)
  return {
    scopes: scope === undefined ? scopes : scopesFrom(scope),
    targets: resource === undefined ? targets : listOf(resource),
    extra: {},
  }
}
