import type { Context, TabState } from '../context.ts'
import { ownsLease } from '../model/lease.ts'
import { asSeenFor, purposeOf, type Wanted, withOther } from '../model/other-tokens.ts'
import { type LiveRecord, type OtherToken, parseRecord } from '../model/record.ts'
import { tokenFrom, type UsableTokenResponse } from '../model/token-response.ts'
import { adopt, announce, beginLook, showRecord, storageDegraded } from './adopt.ts'
import { keepWriting } from './keep-writing.ts'
import { revokeSession } from './revoke.ts'

/** The record after `record`, made of the server's answer. The old refresh token stays where no new one came. */
function renewed(
  { refusedToken, others }: TabState,
  record: LiveRecord,
  answer: UsableTokenResponse,
  sentAtMs: number,
  wanted: Wanted | undefined,
): LiveRecord {
  const { lease: _lease, retryAtMs: _retryAtMs, ...rest } = record
  const { claims, scopes } = record.token
  const before = asSeenFor(record, wanted)
  const refused = wanted ? others.get(wanted.key)?.refusedToken : refusedToken
  const got: OtherToken = {
    // A server need not repeat who the person is.
    token: { ...(claims && { claims }), ...tokenFrom(answer, wanted?.scopes ?? scopes, sentAtMs) },
    receivedAtMs: sentAtMs,
    // In the record, so that two tabs which ask a forbidden endpoint do not refresh for each other for ever.
    ...(refused !== undefined && refused === before?.token.accessToken && { from401: true }),
  }
  const { from401: _from401, ...own } = rest
  return {
    ...(wanted ? { ...rest, others: withOther(record, wanted, got, sentAtMs) } : { ...own, ...got }),
    generation: record.generation + 1,
    sends: 0,
    ...(answer.refreshToken !== undefined && { refreshToken: answer.refreshToken }),
  }
}

/** What is stored now: this tab's own record, or what stood in its way. */
type Outcome = { readonly own: LiveRecord } | { readonly other: unknown }

/** Stores `next` if the lease of `record` still stands. */
async function store(
  { storage, sessionKey }: Context,
  record: LiveRecord,
  next: LiveRecord,
): Promise<Outcome> {
  let outcome: Outcome = { other: undefined }
  await storage.update(sessionKey, (stored) => {
    outcome = { other: stored }
    if (!ownsLease(stored, record)) return undefined
    // The person may have done something while the request was out.
    const own = { ...next, activeAtMs: Math.max(next.activeAtMs, stored.activeAtMs) }
    outcome = { own }
    return own
  })
  return outcome
}

/** Revokes tokens that came after the person had signed out, if they signed out at the server as well. */
function revokeIfLeft(context: Context, stored: unknown, { epoch, ...tokens }: LiveRecord): void {
  const record = parseRecord(stored)
  if (!record || record === 'newer' || !('ended' in record)) return
  if (record.revokes && record.epoch === epoch) void revokeSession(context, tokens)
}

/** Tries to store what only this tab knows, for as long as that is so. */
async function keepStoring(context: Context, record: LiveRecord, next: LiveRecord): Promise<void> {
  const { state, storage, sessionKey } = context
  const isWanted = () => state.held?.epoch === next.epoch && state.held.generation === next.generation
  let isSaved = false
  state.unsaved = next
  await keepWriting(context, isWanted, async () => {
    const stillCounts = beginLook(context)
    const outcome = await store(context, record, next).catch((error: unknown) => {
      // Said again for tabs that were not there or stood still: the stored refresh token is spent.
      announce(context, next)
      throw error
    })
    isSaved = 'own' in outcome
    const stored = 'own' in outcome ? outcome.own : outcome.other
    if (stillCounts()) adopt(context, stored, 'other-tab')
    announce(context, stored)
  })
  if (state.unsaved === next) state.unsaved = undefined
  if (state.isRunning && !isSaved) {
    revokeIfLeft(context, await storage.read(sessionKey).catch(() => undefined), next)
  }
}

/**
 * Stores the answer to a refresh, tells the other tabs and shows it, in that order. An answer that comes too late
 * (a sign-out, another session, a newer token) changes nothing.
 *
 * @returns settles when the answer is stored: a failing disk may take its time, the token is served meanwhile
 */
export async function commitRefresh(
  context: Context,
  record: LiveRecord,
  answer: UsableTokenResponse,
  sentAtMs: number,
  wanted?: Wanted,
): Promise<{ readonly stored: Promise<void> }> {
  const next = renewed(context.state, record, answer, sentAtMs, wanted)
  let stored = Promise.resolve()
  const stillCounts = beginLook(context)
  const outcome = await store(context, record, next).catch(storageDegraded(context))
  const isLast = stillCounts()
  if (outcome && 'other' in outcome) {
    if (isLast) adopt(context, outcome.other, 'other-tab')
    revokeIfLeft(context, outcome.other, next)
    return { stored }
  }
  const own = outcome?.own ?? next
  // Told even when it could not be stored: nobody may send the old refresh token any more.
  announce(context, own)
  const { held } = context.state
  if (held?.epoch === own.epoch && held.generation < own.generation) {
    // A token beside the session's own changes nothing that is shown: like a record that was only written anew.
    showRecord(context, own, wanted ? 'storage' : 'this-tab')
  }
  const got = wanted && asSeenFor(own, wanted)
  if (got) {
    const { expiresAtMs } = got.token
    context.emit({ type: 'token-added', sessionId: own.epoch, expiresAtMs, ...purposeOf(wanted) })
  }
  if (!outcome) stored = keepStoring(context, record, next)
  return { stored }
}
