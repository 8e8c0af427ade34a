import type { Context, TabState } from '../context.ts'
import { ownsLease } from '../model/lease.ts'
import type { LiveRecord } from '../model/record.ts'
import { type TokenAnswer, tokenFrom } from '../model/tokens.ts'
import { adopt, announce, beginLook, showRecord, storageDegraded } from './adopt.ts'
import { keepWriting } from './keep-writing.ts'

/** The record after `record`, made of the server's answer. The old refresh token stays where no new one came. */
function renewed(
  { refusedToken }: TabState,
  record: LiveRecord,
  answer: TokenAnswer,
  sentAtMs: number,
): LiveRecord {
  const { lease: _lease, retryAtMs: _retryAtMs, from401: _from401, ...rest } = record
  return {
    ...rest,
    generation: record.generation + 1,
    sends: 0,
    token: tokenFrom(answer, record.token.scopes, sentAtMs),
    receivedAtMs: sentAtMs,
    ...(answer.refreshToken !== undefined && { refreshToken: answer.refreshToken }),
    // In the record, so that two tabs which ask a forbidden endpoint do not refresh for each other for ever.
    ...(refusedToken === record.token.accessToken && { from401: true }),
  }
}

/** Stores `next` if the lease of `record` still stands. @returns what is stored now, `null` for nothing */
async function store(
  { storage, sessionKey }: Context,
  record: LiveRecord,
  next: LiveRecord,
): Promise<unknown> {
  let outcome: unknown
  await storage.update(sessionKey, (stored) => {
    outcome = stored ?? null
    if (!ownsLease(stored, record)) return undefined
    outcome = next
    return next
  })
  return outcome
}

/** Tries to store what only this tab knows, for as long as that is so. */
function keepStoring(context: Context, record: LiveRecord, next: LiveRecord): Promise<void> {
  const { state } = context
  const isWanted = () => state.held?.epoch === next.epoch && state.held.generation === next.generation
  return keepWriting(context, isWanted, async () => {
    const stillCounts = beginLook(context)
    const outcome = await store(context, record, next).catch((error: unknown) => {
      // Said again for tabs that were not there or stood still: the stored refresh token is spent.
      announce(context, next)
      throw error
    })
    if (stillCounts()) adopt(context, outcome, 'other-tab')
    announce(context, outcome)
  })
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
  answer: TokenAnswer,
  sentAtMs: number,
): Promise<{ readonly stored: Promise<void> }> {
  const next = renewed(context.state, record, answer, sentAtMs)
  let stored = Promise.resolve()
  const stillCounts = beginLook(context)
  const outcome = await store(context, record, next).catch(storageDegraded(context))
  const isLast = stillCounts()
  if (outcome !== undefined && outcome !== next) {
    if (isLast) adopt(context, outcome, 'other-tab')
    return { stored }
  }
  // Told even when it could not be stored: nobody may send the old refresh token any more.
  announce(context, next)
  const { held } = context.state
  if (held?.epoch === next.epoch && held.generation < next.generation) showRecord(context, next, 'this-tab')
  if (!outcome) stored = keepStoring(context, record, next)
  return { stored }
}
