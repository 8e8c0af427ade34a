import type { Context } from '../../context.ts'
import { endsAtMs } from '../../model/lifetime.ts'
import type { LiveRecord } from '../../model/record.ts'
import { renewAtMs, wasSetBack } from '../../model/tokens.ts'
import { publishSession } from '../session/publish-session.ts'
import { expireSession, syncSession } from '../session/sync-session.ts'
import { refresh } from './refresh.ts'
import { waitBeforeRefreshMs } from './refresh-wait.ts'

/** Timers lie after a sleep or a jump of the clock, so none runs longer than that. */
const maxTimerMs = 3_600_000

/** The time of the next refresh ahead of expiry; never without a refresh token, nor in a hidden tab. */
function refreshDueAtMs(context: Context, session: LiveRecord): number {
  const { state, options, clock, page } = context
  if (!session.refreshToken || !page.isVisible() || state.refresh.pending) return Infinity
  const now = clock.now()
  const earliestAtMs = now + waitBeforeRefreshMs(context, session)
  // A failure is made good even if the token lasts: the user sees that the session is stale.
  const isDue = state.refresh.error || wasSetBack(session, now)
  return isDue ? earliestAtMs : Math.max(earliestAtMs, renewAtMs(session, options.refreshAheadMs))
}

/** Sets the one timer of this tab: for the next refresh, the expiry of the token, or the end of the session. */
export function scheduleRefresh(context: Context): void {
  const { state, clock, options } = context
  const { current } = state.session
  state.cancelTimer()
  if (!current || !state.isRunning) return
  const now = clock.now()
  const { expiresAtMs } = current.token
  const nextAtMs = Math.min(
    refreshDueAtMs(context, current),
    endsAtMs(current, options),
    expiresAtMs > now ? expiresAtMs : Infinity,
  )
  const delayMs = Math.min(maxTimerMs, Math.max(0, nextAtMs - now))
  state.cancelTimer = clock.setTimer(delayMs, () => actIfDue(context))
}

/** Does what is due: ends the session, shows that the token has expired, or refreshes. */
export function actIfDue(context: Context): void {
  const { state, clock, options } = context
  const { current } = state.session
  if (!current) return
  const now = clock.now()
  if (now >= endsAtMs(current, options)) return void expireSession(context, current)
  publishSession(context)
  // A failure is shown in the snapshot.
  if (now >= refreshDueAtMs(context, current)) void refresh(context).catch(() => {})
  else scheduleRefresh(context)
}

/** The page is shown again or back online: reads what other tabs stored, then does what is due. */
export async function wake(context: Context): Promise<void> {
  context.state.wokenAtMs = context.clock.now()
  await syncSession(context).catch(() => {})
  actIfDue(context)
}
