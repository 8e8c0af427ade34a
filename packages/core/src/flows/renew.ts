import type { Context } from '../context.ts'
import { leaseMarginMs } from '../model/lease.ts'
import { endsAtMs } from '../model/lifetime.ts'
import { isRenewed, type Wanted } from '../model/other-tokens.ts'
import type { LiveRecord } from '../model/record.ts'
import { randomId } from '../protocol/random.ts'
import type { Metadata } from '../protocol/transport.ts'
import { expireSession } from './adopt.ts'
import { claim, type Permit, type Watch, wasRefreshed } from './claim.ts'
import { discover } from './discover.ts'
import { sendRefresh } from './send-refresh.ts'

/** Takes over what another tab stored, or sends the refresh token of `held`. @returns whether it was sent */
async function takeOverOrSend(
  context: Context,
  metadata: Metadata,
  held: LiveRecord,
  wanted: Wanted | undefined,
): Promise<boolean> {
  const { lock, options, sessionKey, clock, emit } = context
  const watch: Watch = { attemptId: undefined, sinceMs: 0 }
  if (await wasRefreshed(context, held, watch)) return false
  const askedAtMs = clock.elapsedMs()
  const onTheWire: Promise<unknown>[] = []
  await new Promise<void>((resolve, reject) => {
    const work = async (isLocked: boolean) => {
      const waitedMs = clock.elapsedMs() - askedAtMs
      const go = async () => {
        let permit: Permit | undefined
        let outcome: 'send' | 'adopt' | 'fail' = 'fail'
        try {
          permit = await claim(context, held, randomId(), isLocked, watch)
          outcome = permit ? 'send' : 'adopt'
        } finally {
          emit({ type: 'lock-waited', sessionId: held.epoch, waitedMs, isHeld: isLocked, outcome })
        }
        if (permit) await sendRefresh(context, metadata, permit, onTheWire, wanted)
      }
      await go().then(resolve, reject)
      // Whoever gets the lock next takes a lease that still stands for that of a dead tab.
      await Promise.all(onTheWire)
    }
    lock.run(sessionKey, options.requestTimeoutMs + leaseMarginMs, work).catch(reject)
  })
  return onTheWire.length > 0
}

/**
 * Takes over a newer token than that of `held` which another tab stored, or gets one as the only tab that may ask.
 *
 * @param wanted the token that is asked for, where it is not the session's own
 * @throws {TelnyxAuthError} why there is no newer token yet
 * @see RFC 6749 section 6, RFC 9700 section 4.14
 */
export async function renew(context: Context, held: LiveRecord, wanted?: Wanted): Promise<void> {
  const { options, clock, state } = context
  if (clock.now() >= endsAtMs(held, options)) {
    await expireSession(context, held)
    if (!state.held) return
  }
  const metadata = await discover(context)
  let record = held
  // All tokens of a session come of one refresh token: what another tab stored may be another one than is wanted here.
  while (!(await takeOverOrSend(context, metadata, record, wanted))) {
    const { held: next } = state
    if (next?.epoch !== held.epoch || next.generation === record.generation) return
    if (isRenewed(held, next, wanted)) return
    record = next
  }
}
