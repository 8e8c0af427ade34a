import type { Context } from '../../context.ts'
import { delay } from '../server/with-timeout.ts'

const retryEveryMs = 5000

/**
 * Repeats the write of a tombstone until it works: a reload would sign in again, and other tabs do not know yet.
 *
 * @param bury writes it
 */
export async function keepBurying({ state, clock }: Context, bury: () => Promise<unknown>): Promise<void> {
  for (let isBuried = false; !isBuried; ) {
    await delay(clock, retryEveryMs)
    // A new sign-in replaces the stored session by itself.
    if (!state.isRunning || state.session.current) return
    isBuried = await bury().then(
      () => true,
      () => false,
    )
  }
}
