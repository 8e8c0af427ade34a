import type { Context } from '../../context.ts'
import { leaseMarginMs, sendLimitMs } from '../../model/lease.ts'
import { endsAtMs } from '../../model/lifetime.ts'
import type { LiveRecord } from '../../model/record.ts'
import { isRenewed, type ResourceTarget } from '../../model/resource-target.ts'
import { webLock } from '../../ports/lock.ts'
import type { Metadata } from '../../protocol/transport.ts'
import { discoverIssuer } from '../server/discover.ts'
import { loadProver } from '../server/with-dpop.ts'
import { requireSession } from '../session/publish-session.ts'
import { expireSession } from '../session/sync-session.ts'
import { acquireLease, type HeldLease } from './acquire-lease.ts'
import { reasonOfWait } from './refresh-wait.ts'
import { sendRefresh } from './send-refresh.ts'

/** Adopts the record of another tab, or sends the refresh token of `session`. @returns whether it was sent */
async function adoptOrSend(
  context: Context,
  metadata: Metadata,
  session: LiveRecord,
  target: ResourceTarget | undefined,
): Promise<boolean> {
  const { lock = webLock(), sessionKey, clock, emit } = context
  const { sessionId } = session
  const askedAtMs = clock.elapsedMs()
  let lease: HeldLease | undefined
  // Longer than any holder that runs needs it.
  await lock.run(sessionKey, sendLimitMs + 2 * leaseMarginMs, async (isHeld) => {
    const waitedMs = clock.elapsedMs() - askedAtMs
    let outcome: 'send' | 'adopt' | 'fail' = 'fail'
    try {
      lease = await acquireLease(context, session, isHeld)
      outcome = lease ? 'send' : 'adopt'
    } finally {
      emit({ type: 'lock-waited', sessionId, waitedMs, isHeld, outcome })
    }
    // The lock is held until the response is stored.
    if (lease) await sendRefresh(context, metadata, lease, target)
  })
  return !!lease
}

/**
 * Adopts a newer token than that of `session` which another tab stored, or gets one as the only tab that may send.
 *
 * @param target the resource token to ask for, where it is not the session's own token
 * @throws {TelnyxAuthError} the reason why there is no newer token yet
 * @see RFC 6749 section 6, RFC 9700 section 4.14
 */
export async function refreshAcrossTabs(
  context: Context,
  session: LiveRecord,
  target?: ResourceTarget,
): Promise<void> {
  const { options, clock } = context
  const { sessionId } = session
  if (clock.now() >= endsAtMs(session, options)) await expireSession(context, session)
  let record = requireSession(context, sessionId)
  // Everything slow is ready before the lease is acquired: metadata, and the code that signs.
  const metadata = await discoverIssuer(context, session.issuer)
  if (session.proofKey) await loadProver(context, session.proofKey)
  while (!(await adoptOrSend(context, metadata, record, target))) {
    const next = requireSession(context, sessionId)
    if (isRenewed(session, next, target)) return
    // The same refresh token: all tabs wait after a failure.
    if (next.generation === record.generation) throw reasonOfWait(context, next, target)
    // All tokens of a session come of one refresh token: another tab may have stored one that is not target here.
    record = next
  }
}
