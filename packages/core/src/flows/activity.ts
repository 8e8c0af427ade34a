import type { Context } from '../context.ts'
import { isNews } from '../model/lifetime.ts'
import { liveRecord } from '../model/record.ts'
import { storageDegraded } from './adopt.ts'

/** The person did something: the idle time-out of every tab begins anew. */
export async function noteActivity(context: Context): Promise<void> {
  const { storage, sessionKey, state, options, clock, rearm } = context
  const { held } = state
  const now = clock.now()
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
