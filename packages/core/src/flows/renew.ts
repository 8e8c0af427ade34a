import type { Context } from '../context.ts'
import { leaseMarginMs } from '../model/lease.ts'
import { endsAtMs } from '../model/lifetime.ts'
import type { LiveRecord } from '../model/record.ts'
import { randomId } from '../protocol/random.ts'
import { expireSession } from './adopt.ts'
import { claim, type Permit, type Watch, wasRefreshed } from './claim.ts'
import { discover } from './discover.ts'
import { sendRefresh } from './send-refresh.ts'

/**
 * Takes over a newer token than that of `held` which another tab stored, or gets one as the only tab that may ask.
 *
 * @throws {TelnyxAuthError} why there is no newer token yet
 * @see RFC 6749 section 6, RFC 9700 section 4.14
 */
export async function renew(context: Context, held: LiveRecord): Promise<void> {
  const { lock, options, sessionKey, clock, state, emit } = context
  if (clock.now() >= endsAtMs(held, options)) {
    await expireSession(context, held)
    if (!state.held) return
  }
  const watch: Watch = { attemptId: undefined, sinceMs: 0 }
  const metadata = await discover(context)
  if (await wasRefreshed(context, held, watch)) return
  const askedAtMs = clock.elapsedMs()
  await new Promise<void>((resolve, reject) => {
    const work = async (isLocked: boolean) => {
      const waitedMs = clock.elapsedMs() - askedAtMs
      const onTheWire: Promise<unknown>[] = []
      const go = async () => {
        let permit: Permit | undefined
        let outcome: 'send' | 'adopt' | 'fail' = 'fail'
        try {
          permit = await claim(context, held, randomId(), isLocked, watch)
          outcome = permit ? 'send' : 'adopt'
        } finally {
          emit({ type: 'lock-waited', sessionId: held.epoch, waitedMs, isHeld: isLocked, outcome })
        }
        if (permit) await sendRefresh(context, metadata, permit, onTheWire)
      }
      await go().then(resolve, reject)
      // Whoever gets the lock next takes a lease that still stands for that of a dead tab.
      await Promise.all(onTheWire)
    }
    lock.run(sessionKey, options.refreshTimeoutMs + leaseMarginMs, work).catch(reject)
  })
}
