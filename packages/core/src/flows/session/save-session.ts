import type { Context } from '../../context.ts'
import { type LiveRecord, nextGeneration, parseRecord } from '../../model/record.ts'
import { webLock } from '../../ports/lock.ts'
import { delay } from '../server/with-timeout.ts'
import { markSaved, updateSession } from './publish-session.ts'
import { beginRead } from './read-sequence.ts'
import { adopt, announce, isOlderThanUnsaved } from './sync-session.ts'

const retryEveryMs = 5000

const unsavedPrefix = (sessionId: string): string => `${sessionId} unsaved `

/** Tells if another tab has newer tokens than `session` that it could not store; `false` without Web Locks. */
export async function isUnsavedElsewhere(
  { lock = webLock() }: Context,
  session: LiveRecord,
): Promise<boolean> {
  const prefix = unsavedPrefix(session.sessionId)
  const names = await lock.names().catch(() => [])
  return names.some(
    (name) => name.startsWith(prefix) && Number(name.slice(prefix.length)) > session.generation,
  )
}

/** Writes the current session, if what is stored is older. @throws the storage failed */
export async function save(context: Context): Promise<void> {
  const { storage, sessionKey, state } = context
  const isLatest = beginRead(context)
  let outcome: unknown
  let saved: LiveRecord | undefined
  let base: number | undefined
  await storage.update(sessionKey, (stored) => {
    const { current } = state.session
    const seen = parseRecord(stored)
    outcome = stored
    saved = undefined
    if (!current || seen === 'newer' || !isOlderThanUnsaved(context, seen)) return undefined
    base = current.generation
    saved = { ...current, generation: Math.max(current.generation, nextGeneration(stored)) }
    return saved
  })
  const counts = isLatest()
  if (!saved) return counts ? adopt(context, outcome, 'other-tab') : undefined
  announce(context, saved)
  const { current } = state.session
  if (current?.sessionId !== saved.sessionId) return
  if (current.generation === base) {
    markSaved(context)
    return updateSession(context, saved)
  }
  // The response to a refresh came during the write: its tokens are newer than those that were written.
  markSaved(context, 'tokens')
  updateSession(context, { ...current, generation: Math.max(current.generation, saved.generation + 1) })
  await keepUnsaved(context)
}

/**
 * Guards what a failed write left in this tab alone. A Web Lock tells the other tabs not to send the refresh token that
 * is stored; the write is repeated until it works.
 *
 * @returns resolves when the lock is held
 */
export async function keepUnsaved(context: Context): Promise<void> {
  const { lock = webLock(), clock, state } = context
  const { current } = state.session
  if (!current || !state.session.unsaved) return
  const { sessionId, generation } = current
  const isWanted = () => {
    const { current: now, unsaved } = state.session
    return state.isRunning && unsaved && now?.sessionId === sessionId && now.generation === generation
  }
  const saving = async () => {
    while (isWanted()) {
      await delay(clock, retryEveryMs)
      // The disk fails still: the next round tries again.
      if (isWanted()) await save(context).catch(() => {})
    }
  }
  await new Promise<void>((resolve) => {
    const hold = () => {
      resolve()
      return saving()
    }
    lock.run(unsavedPrefix(sessionId) + generation, retryEveryMs, hold).catch(resolve)
  })
}
