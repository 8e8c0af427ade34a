import type { Context, RefreshState } from '../../context.ts'
import { errorTable } from '../../error-table.ts'
import { TelnyxAuthError } from '../../errors.ts'
import type { LiveRecord } from '../../model/record.ts'
import { type ResourceTarget, recordFor } from '../../model/resource-target.ts'
import { leftToWaitMs, retryAtMs } from '../../model/retry.ts'
import { notBeforeMs } from '../../model/tokens.ts'

/** The refreshes of one token in this tab. */
export function refreshStateOf({ state }: Pick<Context, 'state'>, target?: ResourceTarget): RefreshState {
  if (!target) return state.refresh
  const known = state.resourceTokens.get(target.key) ?? {}
  state.resourceTokens.set(target.key, known)
  return known
}

/** The wait until the next refresh may begin, in milliseconds. */
export function waitBeforeRefreshMs(
  context: Pick<Context, 'clock' | 'state'>,
  session: LiveRecord,
  target?: ResourceTarget,
): number {
  const now = context.clock.now()
  const { wokenAtMs } = context.state
  const token = recordFor(session, target)
  const timesMs = [
    retryAtMs(session.failures, wokenAtMs),
    retryAtMs(refreshStateOf(context, target).failures, wokenAtMs),
    token ? notBeforeMs(token) : 0,
  ]
  return Math.max(...timesMs.map((atMs) => leftToWaitMs(atMs, now)))
}

/** The reason for a wait: the last failure of this tab, else that of another one. */
export function reasonOfWait(
  context: Context,
  session: LiveRecord,
  target?: ResourceTarget,
): TelnyxAuthError {
  const { error } = refreshStateOf(context, target)
  if (error) return error
  const { code = 'refresh_pending', server } = session.failures ?? {}
  // A newer version may know codes that this one does not.
  return new TelnyxAuthError(Object.hasOwn(errorTable, code) ? code : 'server_unavailable', {
    phase: 'refresh',
    server,
    retryAfterMs: waitBeforeRefreshMs(context, session, target) || undefined,
  })
}
