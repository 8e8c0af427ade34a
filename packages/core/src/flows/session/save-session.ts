import type { Context } from '../../context.ts'
import { type LiveRecord, nextGeneration } from '../../model/record.ts'
import { webLock } from '../../ports/lock.ts'
import { delay } from '../server/with-timeout.ts'
import { showSession } from './publish-session.ts'
import { changeSession, isOlderThanUnsaved } from './sync-session.ts'

const retryEveryMs = 5000

const unsavedPrefix = (sessionId: string): string => `${sessionId} unsaved `

/** Tells if one of the locks `names` says that another tab has newer tokens than `session` and cannot store them. */
export function isUnsavedElsewhere(names: readonly string[], session: LiveRecord): boolean {
  const prefix = unsavedPrefix(session.sessionId)
  return names.some(
    (name) => name.startsWith(prefix) && Number(name.slice(prefix.length)) > session.generation,
  )
}

/** Writes the current session, if what is stored is older. */
export async function save(context: Context): Promise<void> {
  const { session } = context.state
  await changeSession(context, (stored) => {
    const { current } = session
    if (!current || !isOlderThanUnsaved(context, stored)) return undefined
    // The response to a refresh that comes during the write counts on from here.
    session.current = { ...current, generation: Math.max(current.generation, nextGeneration(stored)) }
    return session.current
  })
}

/** Shows `record`, which no storage has taken, and keeps it in this tab alone until one does. */
export async function keepInMemory(
  context: Context,
  record: LiveRecord,
  replaces: (other: Parameters<typeof isOlderThanUnsaved>[1]) => boolean,
): Promise<void> {
  showSession(context, record, 'this-tab', replaces)
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
  const { current, replaces } = state.session
  if (!current || !replaces) return
  const isWanted = () => state.isRunning && state.session.replaces === replaces
  await new Promise<void>((resolve) => {
    const hold = async () => {
      resolve()
      while (isWanted()) {
        await delay(clock, retryEveryMs)
        if (isWanted()) await save(context)
      }
    }
    lock.run(unsavedPrefix(current.sessionId) + current.generation, retryEveryMs, hold).catch(resolve)
  })
}
