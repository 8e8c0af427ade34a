import type { Context } from '../context.ts'
import { TelnyxAuthError } from '../errors.ts'
import { leaseMarginMs, ownsLease, withNextLease, withoutLease } from '../model/lease.ts'
import { purposeOf, type Wanted } from '../model/other-tokens.ts'
import { type LiveRecord, liveRecord, tombstone } from '../model/record.ts'
import { planRetry } from '../model/retry.ts'
import { isUsable } from '../model/token-response.ts'
import { randomId } from '../protocol/random.ts'
import { refreshGrant } from '../protocol/tokens.ts'
import { translateError } from '../protocol/translate-error.ts'
import type { Metadata } from '../protocol/transport.ts'
import { adopt, announce, beginLook, storageDegraded } from './adopt.ts'
import type { Permit } from './claim.ts'
import { commitRefresh } from './commit.ts'
import { provingTransport } from './prove.ts'
import { pause, within } from './within.ts'

/** Changes the record as long as this attempt's lease is on it. @returns what is stored now */
async function updateOwn(
  { storage, sessionKey }: Context,
  own: LiveRecord,
  next: (own: LiveRecord) => unknown,
): Promise<unknown> {
  let outcome: unknown
  await storage.update(sessionKey, (stored) => {
    outcome = stored
    if (!ownsLease(stored, own)) return undefined
    outcome = next(stored)
    return outcome
  })
  return outcome
}

/** One request. Its answer is stored before anyone uses it, also when nobody waits for it any more. */
async function send(
  context: Context,
  metadata: Metadata,
  own: LiveRecord,
  wanted: Wanted | undefined,
): Promise<{ stored: Promise<void> }> {
  const { clock, emit } = context
  const transport = await provingTransport(context, own.proofKey)
  const refreshToken = String(own.refreshToken)
  const sentAtMs = clock.now()
  emit({ type: 'refresh-started', sessionId: own.epoch, attempt: own.sends, ...purposeOf(wanted) })
  const answer = await refreshGrant(transport, metadata, refreshToken, wanted ?? own).catch(
    (error: unknown) => {
      throw translateError(error, clock.now(), [refreshToken])
    },
  )
  // OpenID Connect Core section 12.2: whoever it was before.
  if (answer.claims && own.token.claims && answer.claims.sub !== own.token.claims.sub) {
    throw new TelnyxAuthError('response_invalid', { subject: 'sub' })
  }
  if (!isUsable(answer)) throw new TelnyxAuthError('response_invalid', { subject: answer.problem })
  return commitRefresh(context, own, answer, sentAtMs, wanted)
}

/**
 * Draws the line under a failed attempt. A refused refresh token ends the session in every tab, unless something
 * fresher is stored; any other failure gives the lease back.
 */
async function conclude(context: Context, own: LiveRecord, error: TelnyxAuthError): Promise<void> {
  if (error.code !== 'invalid_grant') {
    const { retryAtMs } = planRetry(error, Infinity, 0, context.clock.now(), 0)
    const forAll = error.retryAfterMs === undefined ? undefined : retryAtMs
    await updateOwn(context, own, (stored) => withoutLease(stored, forAll))
    return
  }
  const code = own.sends > 1 ? 'refresh_response_lost' : 'invalid_grant'
  const stillCounts = beginLook(context)
  const outcome = await updateOwn(context, own, (stored) => tombstone(stored, own.epoch, code))
  if (stillCounts()) adopt(context, outcome, 'other-tab')
  announce(context, outcome)
}

/**
 * Writes the next lease in place of this tab's own: before every further request, and when the page stood still
 * between writing a lease and sending. Others may have begun to count meanwhile.
 *
 * @returns `undefined` after taking over what is stored instead
 * @throws {TelnyxAuthError} `refresh_pending`: another tab has the lease now
 */
async function renewLease(context: Context, own: LiveRecord, sends: number): Promise<Permit | undefined> {
  const { clock, state } = context
  const stillCounts = beginLook(context)
  const sinceMs = clock.elapsedMs()
  const attemptId = randomId()
  const next = await updateOwn(context, own, (stored) => withNextLease(stored, attemptId, sends))
  const record = liveRecord(next)
  if (record?.lease?.attemptId === attemptId) return { record, sinceMs }
  if (stillCounts()) adopt(context, next, 'other-tab')
  const { held } = state
  if (held?.epoch === own.epoch && held.generation <= own.generation) {
    throw new TelnyxAuthError('refresh_pending')
  }
  return undefined
}

/**
 * Sends the refresh token under the lease of `permit`; a failure is tried again as `planRetry` says.
 *
 * @param onTheWire receives what must settle before the lock may go
 * @param wanted the token to ask for, where it is not the session's own
 * @throws {TelnyxAuthError} the last failure; `refresh_pending` when nobody has answered yet
 */
export async function sendRefresh(
  context: Context,
  metadata: Metadata,
  first: Permit,
  onTheWire: Promise<unknown>[],
  wanted?: Wanted,
): Promise<void> {
  const { clock, options } = context
  const isStale = ({ sinceMs }: Permit) => clock.elapsedMs() - sinceMs > leaseMarginMs
  let permit: Permit | undefined = first
  for (let attempt = 1; ; attempt++) {
    if (isStale(permit)) permit = await renewLease(context, permit.record, permit.record.sends)
    if (!permit) return
    const sent = permit.record
    if (isStale(permit)) {
      const error = new TelnyxAuthError('storage_failed', { phase: 'refresh' })
      await conclude(context, sent, error)
      throw error
    }
    const request = send(context, metadata, sent, wanted)
    let isLate = false
    const settled = request.then(
      ({ stored }) => stored,
      (error: TelnyxAuthError) => (isLate ? conclude(context, sent, error) : undefined),
    )
    onTheWire.push(settled.catch(() => {}))
    try {
      await within(clock, request, options.requestTimeoutMs)
      return
    } catch (cause) {
      const error = cause as TelnyxAuthError
      // The lease stays: the answer may come yet, and then it is this tab's to store.
      isLate = error.code === 'refresh_pending'
      if (isLate) throw error
      const { againInMs } = planRetry(error, attempt, 0, clock.now(), clock.random())
      if (againInMs === undefined) {
        await conclude(context, sent, error).catch(storageDegraded(context))
        throw error
      }
      await pause(clock, againInMs)
      permit = await renewLease(context, sent, sent.sends + 1)
      if (!permit) return
    }
  }
}
