import type { Context } from '../../context.ts'
import { delay } from '../server/with-timeout.ts'

const retryEveryMs = 5000

/**
 * Repeats the write of a tombstone until it works: a reload would sign in again, and other tabs do not know yet.
 *
 * @param bury writes it, and tells if it worked
 */
export async function keepBurying({ state, clock }: Context, bury: () => Promise<boolean>): Promise<void> {
  do {
    await delay(clock, retryEveryMs)
    // A new sign-in replaces the stored session by itself.
  } while (state.isRunning && !state.session.current && !(await bury()))
}
