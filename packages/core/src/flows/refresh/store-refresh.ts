import type { Context } from '../../context.ts'
import { TelnyxAuthError } from '../../errors.ts'
import { type LiveRecord, type ReceivedToken, sameGeneration } from '../../model/record.ts'
import { type ResourceTarget, recordFor } from '../../model/resource-target.ts'
import { afterFailure } from '../../model/retry.ts'
import {
  isUsable,
  type TokenResponse,
  tokenFrom,
  type UsableTokenResponse,
} from '../../model/token-response.ts'
import { countShortLived } from '../../model/tokens.ts'
import { revokeSession } from '../session/revoke.ts'
import { keepInMemory } from '../session/save-session.ts'
import { changeSession } from '../session/sync-session.ts'
import { refreshStateOf } from './refresh-wait.ts'
import { endSession } from './store-failure.ts'

/** The access token of the response, in place of the one before. */
function receivedToken(
  context: Context,
  record: LiveRecord,
  response: UsableTokenResponse,
  sentAtMs: number,
  target: ResourceTarget | undefined,
): ReceivedToken {
  const before = recordFor(record, target)
  const { claims, scopes } = record.token
  const { unauthorizedToken } = refreshStateOf(context, target)
  const isAfter401 = before && unauthorizedToken === before.token.accessToken
  const unauthorizedAtMs = isAfter401 ? sentAtMs : before?.unauthorizedAtMs
  const received = {
    // A server need not repeat the claims of the user.
    token: { ...(claims && { claims }), ...tokenFrom(response, target?.scopes ?? scopes, sentAtMs) },
    receivedAtMs: sentAtMs,
    // In the record, so that two tabs which call a forbidden endpoint do not refresh for each other.
    ...(unauthorizedAtMs !== undefined && { unauthorizedAtMs }),
  }
  return countShortLived(received, before)
}

/** The record after `record`, made of the response. The refresh token stays where no new one came. */
function refreshed(
  context: Context,
  record: LiveRecord,
  response: TokenResponse,
  sentAtMs: number,
  target: ResourceTarget | undefined,
): LiveRecord {
  const { lease: _lease, failures: before, isResponseLost: _isResponseLost, ...rest } = record
  const { shortLived: _shortLived, ...own } = rest
  const { refreshToken, refreshTokenExpiresInSeconds: endsInSeconds } = response
  // A response without an access token leaves the one before.
  const received = isUsable(response) && receivedToken(context, record, response, sentAtMs, target)
  const tokens =
    received && (target ? { resourceTokens: target.tokensWith(record, received, sentAtMs) } : received)
  const { clock } = context
  const failure = new TelnyxAuthError('response_invalid')
  return {
    ...(received && !target ? own : rest),
    // All tabs wait, although the refresh token is a new one.
    ...(!received && !target && { failures: afterFailure(before, failure, clock.now(), clock.random()) }),
    ...tokens,
    generation: record.generation + 1,
    ...(refreshToken !== undefined && { refreshToken }),
    ...(endsInSeconds !== undefined && { refreshTokenEndsAtMs: sentAtMs + endsInSeconds * 1000 }),
  }
}

/** Stores `next` if the store still has the refresh token that it replaces, whichever tab has the lease by now. */
async function store(
  context: Context,
  session: LiveRecord,
  next: LiveRecord,
): Promise<LiveRecord | undefined> {
  const { session: shown } = context.state
  const { sessionId } = session
  const change = shown.replaces
    ? undefined
    : await changeSession(context, (stored) => {
        const live = sameGeneration(stored, session)
        if (!live || shown.signedOutId === sessionId) return undefined
        // The user may have done something while the request was out.
        return { ...next, activeAtMs: Math.max(next.activeAtMs, live.activeAtMs) }
      })
  if (change?.isWritten) return next
  const { current, replaces } = shown
  if (!change && current?.sessionId === sessionId && current.refreshToken === session.refreshToken) {
    const record = { ...next, generation: current.generation + 1 }
    await keepInMemory(context, record, (other) => !!replaces?.(other))
    return record
  }
  // The user has signed out meanwhile, at the server as well.
  const { record } = change ?? {}
  const isBuried = record?.sessionId === sessionId && 'revokes' in record
  if (isBuried || shown.signedOutId === sessionId) void revokeSession(context, next)
  return undefined
}

/**
 * Stores the response to a refresh, tells the other tabs and shows it, in that order. A response that comes too late
 * (a sign-out, another session, a newer token) changes nothing.
 *
 * @throws {TelnyxAuthError} `response_invalid`: no access token came, or one of another user
 */
export async function storeRefresh(
  context: Context,
  session: LiveRecord,
  response: TokenResponse,
  sentAtMs: number,
  target: ResourceTarget | undefined,
): Promise<void> {
  const { sessionId, token } = session
  const next = refreshed(context, session, response, sentAtMs, target)
  // OpenID Connect Core section 12.2
  if (response.claims && token.claims && response.claims.sub !== token.claims.sub) {
    void revokeSession(context, next)
    await endSession(context, session, 'response_invalid')
    throw new TelnyxAuthError('response_invalid', { subject: 'sub' })
  }
  const stored = await store(context, session, next)
  if (!isUsable(response)) {
    throw new TelnyxAuthError('response_invalid', { subject: response.problem })
  }
  const got = stored && target && recordFor(stored, target)
  if (got)
    context.emit({ type: 'token-added', sessionId, expiresAtMs: got.token.expiresAtMs, ...target.purpose })
}
