import type { Context } from './context.ts'
import { endSession, reread } from './flows/adopt.ts'
import { refresh } from './flows/refresh.ts'
import { renewAtMs } from './model/tokens.ts'

/** Timers lie after a sleep or a jump of the clock, so none runs longer than that. */
const longestTimerMs = 3_600_000

/** When this tab must do something for its session next. */
function nextActAtMs({ state, options }: Context): number | undefined {
  const { held, failure } = state
  if (!held) return undefined
  if (!held.refreshToken) return held.token.expiresAtMs
  return Math.max(renewAtMs(held, options.refreshAheadMs), failure?.retryAtMs ?? 0)
}

/** Sets the one timer of this tab for the next renewal, or for the end of a session that cannot be renewed. */
export function armRenewal(context: Context): void {
  const { state, clock } = context
  state.cancelTimer()
  const actAtMs = nextActAtMs(context)
  if (actAtMs === undefined || !state.isRunning) return
  const delayMs = Math.min(longestTimerMs, Math.max(0, actAtMs - clock.now()))
  state.cancelTimer = clock.setTimer(delayMs, () => renewIfDue(context))
}

/** Does what is due. A hidden tab stays silent: it acts when it is shown again, or when it is asked for a token. */
export function renewIfDue(context: Context): void {
  const { state, clock, page } = context
  const actAtMs = nextActAtMs(context)
  if (!state.held || actAtMs === undefined) return
  if (clock.now() < actAtMs) return armRenewal(context)
  // Either leaves its error in the snapshot.
  if (!state.held.refreshToken) void endSession(context, state.held, 'session_expired').catch(() => {})
  else if (page.isVisible()) void refresh(context).catch(() => {})
}

/** The page is shown again or back online: look what other tabs did, then do what is due. */
export async function wake(context: Context, cause: 'visible' | 'online'): Promise<void> {
  const { state } = context
  // A connection that is back is the reason to try again at once, unless the server asked to wait.
  if (cause === 'online' && state.failure?.error.retryAfterMs === undefined) state.failure = undefined
  await reread(context).catch(() => {})
  renewIfDue(context)
}
