import type { Context } from '../../context.ts'
import { TelnyxAuthError } from '../../errors.ts'
import { sendLimitMs } from '../../model/lease.ts'
import type { ResourceTarget } from '../../model/resource-target.ts'
import { refreshGrant } from '../../protocol/tokens.ts'
import { translateError } from '../../protocol/translate-error.ts'
import type { Metadata } from '../../protocol/transport.ts'
import { withDpop } from '../server/with-dpop.ts'
import { TimeoutError, withTimeout } from '../server/with-timeout.ts'
import type { HeldLease } from './acquire-lease.ts'
import { storeFailure } from './store-failure.ts'
import { storeRefresh } from './store-refresh.ts'

/** Sends the one request, and stores its response or its failure, however late it is. */
async function sendOnce(
  context: Context,
  metadata: Metadata,
  lease: HeldLease,
  target: ResourceTarget | undefined,
  onSend: () => void,
): Promise<void> {
  const { clock, emit, transport } = context
  const { session, confirm } = lease
  const refreshToken = String(session.refreshToken)
  const attempt = (session.failures?.count ?? 0) + 1
  // A retry inside the request, as for a DPoP nonce, passes here too.
  const guarded: typeof transport.fetch = async (input, init) => {
    await confirm()
    onSend()
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
  const { clock } = context
  let endsAtMs = clock.elapsedMs() + sendLimitMs
  let isOver = false
  const done = sendOnce(context, metadata, lease, target, () => {
    // The lock was released: another tab may send.
    if (isOver) throw new TelnyxAuthError('refresh_pending')
    endsAtMs = clock.elapsedMs() + sendLimitMs
  })
  // A late failure is stored as any other; after the limit no caller waits for it.
  done.catch(() => {})
  for (let leftMs = sendLimitMs; leftMs > 0; leftMs = endsAtMs - clock.elapsedMs()) {
    try {
      return await withTimeout(clock, done, leftMs)
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error
      // A retry with a DPoP nonce may be out, and has the whole limit for itself.
    }
  }
  isOver = true
  throw new TelnyxAuthError('refresh_pending')
}
