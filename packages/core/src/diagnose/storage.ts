import { withTimeout } from '../flows/server/with-timeout.ts'
import type { StoragePort } from '../ports/storage.ts'
import { type Examine, ok, patienceMs, problem, unknown, warning } from './examination.ts'

/** One small record for every session on this origin: how often it was diagnosed. Storage cannot delete. */
const probeKey = 'diagnosis'

const countOf = (stored: unknown): number => (typeof stored === 'number' ? stored : 0)

/** Writes and reads back. A counter, because other tabs may do the same at the same time. */
async function probe(storage: StoragePort): Promise<boolean> {
  // Read first: a storage that falls back does so at its first read.
  await storage.read(probeKey)
  let written = 0
  await storage.update(probeKey, (stored) => {
    written = countOf(stored) + 1
    return written
  })
  return countOf(await storage.read(probeKey)) >= written
}

const words: Readonly<Record<StoragePort['kind'], string>> = {
  indexeddb: 'IndexedDB: it lasts, and all tabs share it',
  'session-storage': 'sessionStorage: it belongs to this tab, and ends with it',
  memory: 'memory: it ends with this page',
  custom: "the app's own storage",
}

/** A real write and a real read, beside the session. */
export const examineStorage: Examine = async ({ context }) => {
  const { storage, clock, options } = context
  const keeps = await withTimeout(clock, probe(storage), 2 * patienceMs).catch(() => false)
  const { kind } = storage
  if (!keeps) {
    return [
      problem(
        'storage',
        `The storage (${kind}) does not keep what is written to it: a session ends with this page.`,
        'Free disk space, leave private mode, or let the browser keep site data.',
      ),
    ]
  }
  if (typeof options.storage === 'string' && options.storage !== kind) {
    const sentence = `The storage that was asked for (${options.storage}) does not work here. Sessions are kept in ${words[kind]}.`
    return [warning('storage', sentence, 'Leave private mode, or let the browser keep site data.')]
  }
  return [ok('storage', `Sessions are kept in ${words[kind]}. A write and a read worked.`)]
}

/** Whether the browser may clear the storage by itself. */
export const examinePersistence: Examine = async ({ context, facts }) => {
  const { kind } = context.storage
  if (kind !== 'indexeddb')
    return [ok('persistence', 'Browsers evict nothing but IndexedDB, which is not used.')]
  const isPersisted = await facts.isPersisted()
  if (isPersisted === undefined) {
    return [
      unknown(
        'persistence',
        'Whether the browser may evict the session cannot be determined: it does not say.',
      ),
    ]
  }
  if (isPersisted) return [ok('persistence', 'The browser keeps the session until somebody clears it.')]
  return [
    ok(
      'persistence',
      'The browser may evict the session when space is short, or after days without a visit: a plain sign-out.',
      'navigator.storage.persist() asks it not to.',
    ),
  ]
}
