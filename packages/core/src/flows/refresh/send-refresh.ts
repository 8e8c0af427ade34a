import type { Context } from '../../context.ts'
import { TelnyxAuthError } from '../../errors.ts'
import { leaseMarginMs, sendLimitMs } from '../../model/lease.ts'
import { sameGeneration } from '../../model/record.ts'
import type { ResourceTarget } from '../../model/resource-target.ts'
import { refreshGrant } from '../../protocol/tokens.ts'
import { translateError } from '../../protocol/translate-error.ts'
import type { Metadata } from '../../protocol/transport.ts'
import { withDpop } from '../server/with-dpop.ts'
import { TimeoutError, withTimeout } from '../server/with-timeout.ts'
import type { HeldLease } from './acquire-lease.ts'
import { storeFailure } from './store-failure.ts'
import { storeRefresh } from './store-refresh.ts'

/** @throws {TelnyxAuthError} `refresh_pending`: the lease is not, or not for sure, that of this tab any more */
export async function confirmLease(
  { storage, sessionKey, clock }: Context,
  { session, attemptId, isStored, sinceMs }: HeldLease,
  isFirst: boolean,
): Promise<void> {
  const stored = isFirst
    ? session
    : sameGeneration(await storage.read(sessionKey).catch(() => undefined), session)
  const isHeld = !isStored || stored?.lease?.attemptId === attemptId
  if (!isHeld || clock.elapsedMs() - sinceMs > leaseMarginMs) throw new TelnyxAuthError('refresh_pending')
}

/** Sends the one request, and stores its response or its failure, however late it is. */
async function sendOnce(
  context: Context,
  metadata: Metadata,
  lease: HeldLease,
  target: ResourceTarget | undefined,
): Promise<void> {
  const { clock, emit, transport } = context
  const { session } = lease
  const refreshToken = String(session.refreshToken)
  const attempt = (session.failures?.count ?? 0) + 1
  let isFirst = true
  // A retry inside the request, as for a DPoP nonce, passes here too.
  const guarded: typeof transport.fetch = async (input, init) => {
    await confirmLease(context, lease, isFirst)
    isFirst = false
    return transport.fetch(input, init)
  }
  const signed = await withDpop(context, { ...transport, fetch: guarded }, session.proofKey)
  const sentAtMs = clock.now()
  emit({ type: 'refresh-started', sessionId: session.sessionId, attempt, ...target?.purpose })
  try {
    const response = await refreshGrant(signed, metadata, refreshToken, target ?? session)
    await storeRefresh(context, session, response, sentAtMs, target)
  } catch (cause) {
    const error = translateError(cause, clock.now(), [refreshToken])
    await storeFailure(context, lease, error, target)
    throw error
  }
}

/**
 * Sends the refresh token once. A request that was sent is never aborted: its response may hold the only tokens that
 * are still good.
 *
 * @throws {TelnyxAuthError} the failure; `refresh_pending`: no response within the limit of a request
 */
export async function sendRefresh(
  context: Context,
  metadata: Metadata,
  lease: HeldLease,
  target: ResourceTarget | undefined,
): Promise<void> {
  const done = sendOnce(context, metadata, lease, target)
  // A late failure is stored as any other; after the limit no caller waits for it.
  done.catch(() => {})
  // Two timers: after a sleep the first one is over at once, and the response may be in the queue behind it.
  for (const timeoutMs of [sendLimitMs, leaseMarginMs]) {
    try {
      return await withTimeout(context.clock, done, timeoutMs)
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error
    }
  }
  throw new TelnyxAuthError('refresh_pending')
}
