import type { Context } from '../context.ts'
import { TelnyxAuthError } from '../errors.ts'
import { decideClaim, leaseMarginMs, withLease } from '../model/lease.ts'
import { isUnstored, type LiveRecord, liveRecord } from '../model/record.ts'
import { leftToWaitMs } from '../model/retry.ts'
import { adopt, beginLook } from './adopt.ts'

const pollMs = 250

/** The right to send the refresh token of `record`, which carries this tab's lease. */
export interface Permit {
  readonly record: LiveRecord
  /** When the lease began to be written, as the clock's `elapsedMs`. */
  readonly sinceMs: number
}

/** Somebody else's lease, and since when this tab has been seeing it. */
export interface Watch {
  attemptId: string | undefined
  sinceMs: number
}

function observe({ clock, channel }: Context, held: LiveRecord, watch: Watch, stored: unknown): void {
  const attemptId = liveRecord(stored)?.lease?.attemptId
  if (attemptId === watch.attemptId) return
  Object.assign(watch, { attemptId, sinceMs: clock.elapsedMs() })
  // A past generation is a question: an owner who has the answer and cannot store it may have said so before this tab
  // was opened, or while it stood still.
  if (attemptId) channel.post({ epoch: held.epoch, generation: held.generation - 1 })
}

/** Whether the lease was watched for longer than a request may take. Measured here: wall clocks jump. */
const isOld = ({ clock, options }: Context, { attemptId, sinceMs }: Watch): boolean =>
  attemptId !== undefined && clock.elapsedMs() - sinceMs > options.requestTimeoutMs + leaseMarginMs

/** Who cannot store an answer says so every few seconds; every minute where timers are throttled. */
const wordLastsMs = 70_000

/** Whether the owner of the lease said that it has the next token: sending the spent one would end the family. */
const isAnswered = ({ state: { heard }, clock }: Context, held: LiveRecord): boolean =>
  heard?.epoch === held.epoch &&
  heard.generation > held.generation &&
  clock.elapsedMs() - heard.heardAtMs < wordLastsMs

/** Looks at the store before waiting for any lock. @returns whether another tab was faster */
export async function wasRefreshed(context: Context, held: LiveRecord, watch: Watch): Promise<boolean> {
  const stillCounts = beginLook(context)
  const stored = await context.storage.read(context.sessionKey)
  observe(context, held, watch, stored)
  if (decideClaim(stored, held, '', false, undefined) !== 'adopt') return false
  if (stillCounts()) adopt(context, stored, 'other-tab')
  return true
}

/**
 * Gets the right to send the refresh token of `held`: writes a lease where nobody else may be sending, and waits
 * where somebody may.
 *
 * @returns the permit, or `undefined` after taking over what another tab stored
 * @throws {TelnyxAuthError} `storage_failed`: without a lease in the store nothing is sent; `refresh_pending`: its
 *   owner has the next token and cannot store it. Whoever waits for the lock anew learns when that tab is gone;
 *   `server_unavailable`: the server asked all tabs to wait
 */
export async function claim(
  context: Context,
  held: LiveRecord,
  attemptId: string,
  isLocked: boolean,
  watch: Watch,
): Promise<Permit | undefined> {
  const { storage, sessionKey, clock, state } = context
  const isPoison = () => isAnswered(context, held)
  let abandoned: string | undefined
  for (;;) {
    const stillCounts = beginLook(context)
    const sinceMs = clock.elapsedMs()
    let outcome: unknown
    let decision = 'adopt'
    let retryAfterMs = 0
    const change = (stored: unknown) => {
      outcome = stored
      decision = decideClaim(stored, held, attemptId, isLocked, isPoison() ? undefined : abandoned)
      retryAfterMs = leftToWaitMs(liveRecord(stored)?.retryAtMs, clock.now())
      if (decision !== 'claim' || retryAfterMs > 0) return undefined
      outcome = withLease(stored, held, attemptId, isLocked)
      return outcome
    }
    await storage.update(sessionKey, change).catch((cause: unknown) => {
      throw new TelnyxAuthError('storage_failed', { phase: 'refresh', cause })
    })
    // Counted whatever was decided: what an earlier look finds later is old.
    const isLast = stillCounts()
    if (decision === 'claim' && retryAfterMs > 0) {
      throw new TelnyxAuthError('server_unavailable', { retryAfterMs })
    }
    if (decision === 'claim') {
      const record = liveRecord(outcome)
      // The store has the session now, and a say in it.
      if (state.held && isUnstored(state.held) && state.held.epoch === record?.epoch) state.held = record
      return record && { record, sinceMs }
    }
    if (decision === 'adopt') {
      if (isLast) adopt(context, outcome, 'other-tab')
      return undefined
    }
    observe(context, held, watch, outcome)
    // Old at two looks: what a page was sent while it stood still arrives in between.
    abandoned = isOld(context, watch) ? watch.attemptId : undefined
    if (abandoned && isPoison()) throw new TelnyxAuthError('refresh_pending')
    await new Promise<void>((resolve) => clock.setTimer(pollMs, resolve))
  }
}
