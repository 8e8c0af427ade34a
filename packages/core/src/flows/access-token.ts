import type { Context } from '../context.ts'
import { TelnyxAuthError } from '../errors.ts'
import { endsAtMs } from '../model/lifetime.ts'
import type { LiveRecord } from '../model/record.ts'
import { isFresh, renewAtMs } from '../model/tokens.ts'
import type { GetAccessTokenOptions } from '../telnyx-auth.ts'
import { expireSession, patchSnapshot, reasonOfEnd } from './adopt.ts'
import { refresh } from './refresh.ts'
import { within } from './within.ts'

/** The session this tab holds. @throws {TelnyxAuthError} why there is none */
export function heldSession(context: Context): LiveRecord {
  if (context.state.held) return context.state.held
  throw reasonOfEnd(context)
}

/** The session this tab holds, which must be the one a call began under. */
export function sameSession(context: Context, epoch: string): LiveRecord {
  const held = heldSession(context)
  if (held.epoch !== epoch) throw new TelnyxAuthError('session_replaced')
  return held
}

/** The session this tab holds, unless its time is over. @throws {TelnyxAuthError} why there is none */
export async function livingSession(context: Context): Promise<LiveRecord> {
  const held = heldSession(context)
  if (context.clock.now() < endsAtMs(held, context.options)) return held
  await expireSession(context, held)
  // Another tab may have kept it alive, but for a token that may be old by now.
  sameSession(context, held.epoch)
  return livingSession(context)
}

/** Gets a newer token for callers that began under `epoch`, and waits no longer than `requestTimeoutMs`. */
export async function renewFor(context: Context, epoch: string, signal?: AbortSignal): Promise<LiveRecord> {
  const { clock, options } = context
  try {
    await within(clock, refresh(context), options.requestTimeoutMs, signal)
  } catch (error) {
    // What ended the session says more than what the request ran into.
    sameSession(context, epoch)
    throw error
  }
  return sameSession(context, epoch)
}

/** Takes the held token for expired. */
export function expireToken(context: Context): void {
  const { state, clock } = context
  const { held } = state
  if (!held) return
  const token = { ...held.token, expiresAtMs: clock.now() }
  state.held = { ...held, token }
  patchSnapshot(context, { token })
}

/**
 * A token that is valid for `minValidityMs`: from memory, or after a refresh. In the last stretch of its life it
 * is served at once and renewed behind.
 *
 * @throws {TelnyxAuthError} why there is no valid token
 */
export async function accessToken(
  context: Context,
  { minValidityMs = 5000, signal }: GetAccessTokenOptions = {},
): Promise<LiveRecord> {
  const { clock, options } = context
  const isAlive = ({ token }: LiveRecord) => token.expiresAtMs > clock.now()
  signal?.throwIfAborted()
  let held = heldSession(context)
  // Looked at here as well, because an `await` costs every caller who is served from memory.
  if (clock.now() >= endsAtMs(held, options)) held = await livingSession(context)
  const now = clock.now()
  if (isFresh(held, now, minValidityMs)) {
    const isDue = held.refreshToken && now >= renewAtMs(held, options.refreshAheadMs)
    // The snapshot carries its error.
    if (isDue) void refresh(context).catch(() => {})
    return held
  }
  if (!held.refreshToken) return held
  try {
    const renewed = await renewFor(context, held.epoch, signal)
    if (isAlive(renewed)) return renewed
  } catch (error) {
    // However broken the token endpoint is, a token that is still valid is served.
    const current = context.state.held
    if (!signal?.aborted && current?.epoch === held.epoch && isAlive(current)) return current
    throw error
  }
  throw new TelnyxAuthError('refresh_pending')
}

/** The token that is meant: the session's own, or one beside it. @throws {TelnyxAuthError} why there is none */
export function chosenToken(context: Context, given: GetAccessTokenOptions = {}): Promise<LiveRecord> {
  const isOwn = given.resource === undefined && given.scope === undefined
  if (isOwn) return accessToken(context, given)
  return context.engine().then(({ otherToken }) => otherToken(context, given))
}
