import type { Context } from './context.ts'
import { expireSession, reread, storageDegraded } from './flows/adopt.ts'
import { refresh } from './flows/refresh.ts'
import { endsAtMs } from './model/lifetime.ts'
import type { LiveRecord } from './model/record.ts'
import { leftToWaitMs } from './model/retry.ts'
import { renewAtMs, wasSetBack } from './model/tokens.ts'

/** Timers lie after a sleep or a jump of the clock, so none runs longer than that. */
const longestTimerMs = 3_600_000

/** When the token is to be renewed; never without a refresh token. */
function renewalDueAtMs({ state, options, clock }: Context, held: LiveRecord): number {
  if (!held.refreshToken) return Infinity
  const { failure } = state
  const now = clock.now()
  // A failure is made good even if the token lasts: the person sees that the session is stale.
  if (failure) return now + leftToWaitMs(failure.retryAtMs, now)
  return wasSetBack(held, now) ? now : renewAtMs(held, options.refreshAheadMs)
}

/** Sets the one timer of this tab for the next renewal, or for the end of the session. */
export function armRenewal(context: Context): void {
  const { state, clock, options } = context
  const { held } = state
  state.cancelTimer()
  if (!held || !state.isRunning) return
  const actAtMs = Math.min(renewalDueAtMs(context, held), endsAtMs(held, options))
  const delayMs = Math.min(longestTimerMs, Math.max(0, actAtMs - clock.now()))
  state.cancelTimer = clock.setTimer(delayMs, () => actIfDue(context))
}

/** Does what is due. A hidden tab stays silent: it renews when it is shown again, or when it is asked for a token. */
export function actIfDue(context: Context): void {
  const { state, clock, page, options } = context
  const { held } = state
  if (!held) return
  const now = clock.now()
  if (now >= endsAtMs(held, options)) void expireSession(context, held).catch(storageDegraded(context))
  else if (now < renewalDueAtMs(context, held)) armRenewal(context)
  // It leaves its error in the snapshot.
  else if (page.isVisible()) void refresh(context).catch(() => {})
}

/** The page is shown again or back online: look what other tabs did, then do what is due. */
export async function wake(context: Context): Promise<void> {
  const { state } = context
  const { failure } = state
  // A page that is back is a reason to try again at once, unless the server asked to wait.
  if (failure && failure.error.retryAfterMs === undefined) state.failure = { ...failure, retryAtMs: 0 }
  await reread(context).catch(() => {})
  actIfDue(context)
}
