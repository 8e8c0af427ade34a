import { TelnyxAuthError } from '../errors.ts'
import { leaseMarginMs } from '../model/lease.ts'
import {
  decideRegistration,
  parseRegistration,
  type RegistrationDecision,
  type RegistrationRecord,
  type RegistrationWish,
  type StoredClient,
  usableClient,
} from '../model/registration.ts'
import { leftToWaitMs } from '../model/retry.ts'
import { randomId } from '../protocol/random.ts'
import { requestRegistration } from '../protocol/registration.ts'
import type { Metadata } from '../protocol/transport.ts'
import { type RegistrationContext, registrationKey } from './obtain-client.ts'
import { discover } from './server/discover.ts'
import { delay, TimeoutError, withTimeout } from './server/with-timeout.ts'

const pollMs = 250

/** No longer, however long a server would have it: the clock may be set back meanwhile. */
const longestWaitMs = 600_000

const phase = 'registration'

/**
 * Reads, decides and writes the record in one step. `newer_version` leaves it alone.
 *
 * @param decide returns what to write, if anything, and what to tell the caller
 * @throws {TelnyxAuthError} `storage_failed`, `newer_version`
 */
async function change<T>(
  { storage }: RegistrationContext,
  wish: RegistrationWish,
  decide: (record: RegistrationRecord) => { readonly next: RegistrationRecord | undefined; readonly told: T },
): Promise<T> {
  const outcome: { told?: { readonly value: T } } = {}
  await storage
    .update(registrationKey(wish), (stored) => {
      const record = parseRegistration(stored, wish)
      if (record === 'newer') return undefined
      const { next, told } = decide(record)
      outcome.told = { value: told }
      return next
    })
    .catch((cause: unknown) => {
      throw new TelnyxAuthError('storage_failed', { phase, cause })
    })
  if (!outcome.told) throw new TelnyxAuthError('newer_version', { phase })
  return outcome.told.value
}

/** What became of a wait for the right to register. */
interface Claim {
  readonly decision: Exclude<RegistrationDecision, 'wait'>
  readonly record: RegistrationRecord
}

/** Gets the right to register: writes a lease where nobody else is registering, and waits where somebody may be. */
async function claim(
  context: RegistrationContext,
  wish: RegistrationWish,
  attemptId: string,
  isLocked: boolean,
): Promise<Claim> {
  const { clock, timeoutMs } = context
  const watch: { attemptId?: string | undefined; sinceMs: number } = { sinceMs: 0 }
  let abandoned: string | undefined
  for (;;) {
    const { decision, record } = await change(context, wish, (record) => {
      const decision = decideRegistration(record, wish, isLocked, abandoned, clock.now())
      // The client stays until its successor is there: where none comes, nothing is lost.
      const next = { ...record, lease: { attemptId, locked: isLocked } }
      return { next: decision === 'register' ? next : undefined, told: { decision, record } }
    })
    if (decision !== 'wait') return { decision, record }
    const other = record.lease?.attemptId
    if (other !== watch.attemptId) Object.assign(watch, { attemptId: other, sinceMs: clock.elapsedMs() })
    // Measured here: wall clocks jump.
    if (clock.elapsedMs() - watch.sinceMs > timeoutMs + leaseMarginMs) abandoned = other
    await delay(clock, pollMs)
  }
}

/** Sends the one request, and calls it back after `timeoutMs`. */
async function send(context: RegistrationContext, metadata: Metadata, wish: RegistrationWish) {
  const { clock, transport, timeoutMs, request } = context
  const stop = new AbortController()
  const stoppable: typeof transport = {
    ...transport,
    fetch: (input, init) => transport.fetch(input, { ...init, signal: stop.signal }),
  }
  const asked = { ...request, redirectUri: wish.redirectUri }
  try {
    return await withTimeout(clock, requestRegistration(stoppable, metadata, asked, clock.now), timeoutMs)
  } catch (cause) {
    const isLate = cause instanceof TimeoutError
    throw isLate ? new TelnyxAuthError('server_unavailable', { phase, cause }) : cause
  } finally {
    stop.abort()
  }
}

/** `record` without the lease of `attemptId`, with the time before which no tab should ask again. */
function giveUp(record: RegistrationRecord, attemptId: string, retryAtMs: number | undefined) {
  const { lease, retryAtMs: _, ...rest } = record
  if (lease?.attemptId !== attemptId) return undefined
  return retryAtMs === undefined ? rest : { ...rest, retryAtMs }
}

/** Registers under the lease of `attemptId`, and stores what came of it. */
async function registerUnderLease(
  context: RegistrationContext,
  metadata: Metadata,
  wish: RegistrationWish,
  attemptId: string,
): Promise<StoredClient> {
  const { clock } = context
  try {
    const answer = await send(context, metadata, wish)
    const healed = wish.refused === undefined ? {} : ({ isHealed: true } as const)
    const client: StoredClient = {
      ...answer,
      askedScopes: wish.scopes,
      registeredAtMs: clock.now(),
      ...healed,
    }
    return await change(context, wish, (record) => {
      // Slower than another tab took for possible: all tabs go on with the one that was stored first.
      const other = record.lease?.attemptId === attemptId ? undefined : usableClient(record, wish)
      const { issuer, redirectUri } = wish
      return { next: other ? undefined : { v: 1, issuer, redirectUri, client }, told: other ?? client }
    })
  } catch (error) {
    const { retryAfterMs } = error as TelnyxAuthError
    const retryAtMs =
      retryAfterMs === undefined ? undefined : clock.now() + Math.min(retryAfterMs, longestWaitMs)
    await change(context, wish, (record) => ({
      next: giveUp(record, attemptId, retryAtMs),
      told: undefined,
    })).catch(() => {})
    throw error
  }
}

async function registerLocked(
  context: RegistrationContext,
  wish: RegistrationWish,
  isLocked: boolean,
): Promise<StoredClient | undefined> {
  const metadata = await discover(context)
  const attemptId = randomId()
  const { decision, record } = await claim(context, wish, attemptId, isLocked)
  if (decision === 'limited') {
    const retryAfterMs = leftToWaitMs(record.retryAtMs, context.clock.now())
    throw new TelnyxAuthError('server_unavailable', { phase, retryAfterMs })
  }
  if (decision === 'register') return registerUnderLease(context, metadata, wish, attemptId)
  return decision === 'use' ? usableClient(record, wish) : undefined
}

/**
 * Registers a client, once for all tabs and callers; whoever comes second takes over what the first one stored.
 *
 * @returns `undefined` where the refused client came from a healing not long ago: another one would not fare better
 * @throws {TelnyxAuthError} `metadata_*`, `registration_*`, `network_error`, `server_unavailable`, `response_invalid`,
 *   `storage_failed`: without a place to keep the client nothing is sent; `newer_version`
 * @see RFC 7591 section 3
 */
export function register(
  context: RegistrationContext,
  wish: RegistrationWish,
): Promise<StoredClient | undefined> {
  const { lock, timeoutMs } = context
  return new Promise((resolve, reject) => {
    const work = (isLocked: boolean) => registerLocked(context, wish, isLocked).then(resolve, reject)
    lock.run(registrationKey(wish), 2 * timeoutMs, work).catch(reject)
  })
}
