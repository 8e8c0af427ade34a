import type { Context } from '../../context.ts'
import { TelnyxAuthError } from '../../errors.ts'
import type { LiveRecord } from '../../model/record.ts'
import { type ResourceTarget, recordFor } from '../../model/resource-target.ts'
import { resourceTargetOf } from '../../model/resource-tokens.ts'
import { checkValidity, isFresh, renewAtMs } from '../../model/tokens.ts'
import { checkOption } from '../../options.ts'
import type { GetAccessTokenOptions, TokenTarget } from '../../telnyx-auth.ts'
import { refresh, refreshFor } from '../refresh/refresh.ts'
import { requireSession } from '../session/publish-session.ts'
import { requireLiveSession } from '../session/sync-session.ts'

/**
 * The token that is meant; `undefined` means the session's own.
 *
 * @throws {TypeError} `resource` or `scope` is wrong
 * @throws {TelnyxAuthError} `insufficient_scope`: the sign-in did not name `resource`
 */
function checkedTarget(
  { options }: Context,
  held: LiveRecord,
  choice: TokenTarget,
): ResourceTarget | undefined {
  const { resource, scope } = choice
  if (scope !== undefined) checkOption('getAccessToken', 'scope', scope)
  const target = resourceTargetOf(held, resource, scope)
  if (resource === undefined || resource === held.resource) return target
  checkOption('getAccessToken', 'resource', resource)
  if (typeof resource !== 'string')
    throw new TypeError('getAccessToken: "resource" must be one URL; got a list')
  const named = held.targets ?? []
  // node-oidc-provider 9.13 spends the refresh token before it says `invalid_target`: the session would be lost.
  if (named.includes(resource)) return target
  if (!named[0] && !options.targets[0]) {
    throw new TypeError(
      'getAccessToken: "resource" must be one of those in the option "resource" of the client',
    )
  }
  throw new TelnyxAuthError('insufficient_scope', { phase: 'session', missing: Object.freeze({ resource }) })
}

/** The newer token, for a call that began under `session`; else the one before, as long as it is valid. */
async function renewed(context: Context, session: LiveRecord, target: ResourceTarget): Promise<LiveRecord> {
  let failure: unknown = new TelnyxAuthError('refresh_pending')
  try {
    await refreshFor(context, session, target)
  } catch (error) {
    failure = error
  }
  const known = recordFor(requireSession(context, session.sessionId), target)
  if (known && known.token.expiresAtMs > context.clock.now()) return known
  throw failure
}

/**
 * A token of the session beside its own: from the record while it is valid, else by one refresh.
 *
 * @returns `undefined` where the session's own token is meant
 *
 * @throws {TelnyxAuthError} why there is none
 * @throws {TypeError} `resource` or `scope` is wrong
 * @see RFC 8707 section 2.2, RFC 6749 section 6
 */
export async function resourceToken(
  context: Context,
  given: GetAccessTokenOptions,
): Promise<LiveRecord | undefined> {
  const { minValidityMs = 5000 } = given
  const { clock, options } = context
  checkValidity(minValidityMs)
  const held = await requireLiveSession(context)
  const target = checkedTarget(context, held, given)
  if (!target) return undefined
  const now = clock.now()
  const known = recordFor(held, target)
  if (!known || !isFresh(known, now, minValidityMs)) return renewed(context, held, target)
  // Nobody sees it fail, for as long as the token lasts.
  if (held.refreshToken && now >= renewAtMs(known, options.refreshAheadMs)) {
    void refresh(context, target).catch(() => {})
  }
  return known
}
