import type { Context, TabState } from '../../context.ts'
import { TelnyxAuthError } from '../../errors.ts'
import { type LiveRecord, parseRecord, type ReceivedToken, sameGeneration } from '../../model/record.ts'
import { type ResourceTarget, recordFor } from '../../model/resource-target.ts'
import { afterFailure } from '../../model/retry.ts'
import {
  isUsable,
  type TokenResponse,
  tokenFrom,
  type UsableTokenResponse,
} from '../../model/token-response.ts'
import { countShortLived } from '../../model/tokens.ts'
import { showSession } from '../session/publish-session.ts'
import { beginRead } from '../session/read-sequence.ts'
import { revokeSession } from '../session/revoke.ts'
import { keepUnsaved } from '../session/save-session.ts'
import { adopt, announce, storageDegraded } from '../session/sync-session.ts'
import { endSession } from './store-failure.ts'

/** The access token of the response, in place of the one before. */
function receivedToken(
  { refresh, resourceTokens }: TabState,
  record: LiveRecord,
  response: UsableTokenResponse,
  sentAtMs: number,
  target: ResourceTarget | undefined,
): ReceivedToken {
  const before = recordFor(record, target)
  const { claims, scopes } = record.token
  const { unauthorizedToken } = (target ? resourceTokens.get(target.key) : refresh) ?? {}
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
  { state, clock }: Context,
  record: LiveRecord,
  response: TokenResponse,
  sentAtMs: number,
  target: ResourceTarget | undefined,
): LiveRecord {
  const { lease: _lease, failures: before, isResponseLost: _isResponseLost, ...rest } = record
  const { shortLived: _shortLived, ...own } = rest
  const { refreshToken, refreshTokenExpiresInSeconds: endsInSeconds } = response
  // A response without an access token leaves the one before.
  const received = isUsable(response) && receivedToken(state, record, response, sentAtMs, target)
  const tokens =
    received && (target ? { resourceTokens: target.tokensWith(record, received, sentAtMs) } : received)
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

/** Revokes tokens that came after the user had signed out, if they signed out at the server as well. */
function revokeLate(context: Context, stored: unknown, next: LiveRecord): void {
  const record = parseRecord(stored)
  const isBuried = record && record !== 'newer' && 'revokes' in record && record.sessionId === next.sessionId
  if (isBuried || context.state.session.signedOutId === next.sessionId) void revokeSession(context, next)
}

/** Keeps `next` in this tab alone. */
async function keepInMemory(context: Context, session: LiveRecord, next: LiveRecord): Promise<void> {
  const { current, unsaved } = context.state.session
  if (current?.sessionId !== next.sessionId || current.generation > session.generation) {
    return revokeLate(context, undefined, next)
  }
  showSession(context, next, 'this-tab', unsaved ?? 'tokens')
  await keepUnsaved(context)
}

/** Stores `next` if the store still has the refresh token that it replaces, whichever tab has the lease by now. */
async function store(
  context: Context,
  session: LiveRecord,
  next: LiveRecord,
): Promise<LiveRecord | undefined> {
  const { storage, sessionKey, state } = context
  if (state.session.unsaved) return keepInMemory(context, session, next).then(() => next)
  const isLatest = beginRead(context)
  let outcome: unknown
  let own: LiveRecord | undefined
  try {
    await storage.update(sessionKey, (stored) => {
      const live = sameGeneration(stored, session)
      outcome = stored
      own = undefined
      if (!live || state.session.signedOutId === session.sessionId) return undefined
      // The user may have done something while the request was out.
      own = { ...next, activeAtMs: Math.max(next.activeAtMs, live.activeAtMs) }
      return own
    })
  } catch (error) {
    storageDegraded(context)(error)
    await keepInMemory(context, session, next)
    return next
  }
  const counts = isLatest()
  if (!own) {
    if (counts) adopt(context, outcome, 'other-tab')
    revokeLate(context, outcome, next)
    return undefined
  }
  announce(context, own)
  return own
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
  const { state, emit } = context
  const { sessionId, token } = session
  const next = refreshed(context, session, response, sentAtMs, target)
  // OpenID Connect Core section 12.2
  if (response.claims && token.claims && response.claims.sub !== token.claims.sub) {
    void revokeSession(context, next)
    await endSession(context, session, 'response_invalid')
    throw new TelnyxAuthError('response_invalid', { subject: 'sub' })
  }
  const stored = await store(context, session, next)
  const { current } = state.session
  if (stored && current?.sessionId === sessionId && current.generation < stored.generation) {
    showSession(context, stored, target ? 'storage' : 'this-tab')
  }
  if (!isUsable(response)) {
    throw new TelnyxAuthError('response_invalid', { subject: response.problem })
  }
  const got = stored && target && recordFor(stored, target)
  if (got) emit({ type: 'token-added', sessionId, expiresAtMs: got.token.expiresAtMs, ...target?.purpose })
}
