import type { Context } from '../context.ts'
import { endsAtMs, isNews } from '../model/lifetime.ts'
import { liveRecord } from '../model/record.ts'
import { expireSession, storageDegraded } from './adopt.ts'

/** The person did something: the idle time-out of every tab begins anew, unless they come too late. */
export async function noteActivity(context: Context): Promise<void> {
  const { storage, sessionKey, state, options, clock, rearm } = context
  const now = clock.now()
  // The timer of the end may sleep longer than the person.
  if (state.held && now >= endsAtMs(state.held, options)) await expireSession(context, state.held)
  const { held } = state
  if (!held || !isNews(held, options, now)) return
  // Before the write, so that the next event does not write as well.
  state.held = { ...held, activeAtMs: now }
  const change = (stored: unknown) => {
    const live = liveRecord(stored)
    return live?.epoch === held.epoch && live.activeAtMs < now ? { ...live, activeAtMs: now } : undefined
  }
  await storage.update(sessionKey, change).catch(storageDegraded(context))
  rearm()
}
