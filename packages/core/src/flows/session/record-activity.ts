import type { Context } from '../../context.ts'
import { endsAtMs, isNews } from '../../model/lifetime.ts'
import { liveRecord } from '../../model/record.ts'
import { updateSession } from './publish-session.ts'
import { changeSession, expireSession } from './sync-session.ts'

/** Records an activity of the user: the idle time-out of every tab begins anew, unless it is over already. */
export async function recordActivity(context: Context): Promise<void> {
  const { state, options, clock } = context
  const now = clock.now()
  const before = state.session.current
  // The timer of the end may be late.
  if (before && now >= endsAtMs(before, options)) await expireSession(context, before)
  const { current } = state.session
  if (!current || !isNews(current, options, now)) return
  // Before the write, so that the next event does not write as well.
  updateSession(context, { ...current, activeAtMs: now })
  await changeSession(context, (stored) => {
    const live = liveRecord(stored)
    const isOlder = live?.sessionId === current.sessionId && live.activeAtMs < now
    return isOlder ? { ...live, activeAtMs: now } : undefined
  })
}
