import { createStore, get, type UseStore, update } from 'idb-keyval'
import type { StoragePort } from './storage.ts'

/** Thrown inside `update` to leave the record untouched: idb-keyval cannot do so itself. */
const unchanged = Symbol()

/** A dead connection may never answer (WebKit), so every operation has an end. */
const operationTimeoutMs = 3000

interface Connection {
  readonly store: UseStore
  readonly close: () => void
}

/** @param onDeleted called when the database is deleted, or cleared by the browser, while it is open here */
function connect(onDeleted: () => void): Connection {
  const open = createStore('telnyx-oauth-2', 'records')
  let database: IDBDatabase | undefined
  const store: UseStore = (mode, callback) =>
    open(mode, (records) => {
      database = records.transaction.db
      // The first: somebody deletes the database, and would wait for this tab to close. The second: it is gone, with
      // all site data.
      database.onversionchange = database.onclose = () => {
        database?.close()
        onDeleted()
      }
      return callback(records)
    })
  return { store, close: () => database?.close() }
}

/** Runs `work`, and gives it up after `operationTimeoutMs`; `isLive` tells it so. */
async function limited<T>(work: (isLive: () => boolean) => Promise<T>): Promise<T> {
  let live = true
  let timer: ReturnType<typeof setTimeout> | undefined
  const working = work(() => live)
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('IndexedDB does not answer')), operationTimeoutMs)
  })
  try {
    return await Promise.race([working, deadline])
  } finally {
    live = false
    clearTimeout(timer)
  }
}

async function change(
  store: UseStore,
  key: string,
  decide: (stored: unknown) => unknown,
  isLive: () => boolean,
): Promise<boolean> {
  const next = (stored: unknown) => {
    // A write that was given up must not happen behind the caller's back.
    const value = isLive() ? decide(stored) : undefined
    if (value === undefined) throw unchanged
    return value
  }
  try {
    await update(key, next, store)
    return true
  } catch (error) {
    if (error === unchanged) return false
    throw error
  }
}

/**
 * Keeps records in one IndexedDB database, whose name carries the schema version: idb-keyval cannot upgrade one.
 *
 * @param onDeleted called when another tab or the person deletes the database while it is open
 */
export function indexedDbStorage(onDeleted: () => void): StoragePort {
  let connection: Connection | undefined
  const close = () => {
    connection?.close()
    connection = undefined
  }
  const current = (): Connection => {
    connection ??= connect(() => {
      connection = undefined
      onDeleted()
    })
    return connection
  }
  /** Runs `work`, and once more on a new connection if the first one fails or hangs. */
  const attempt = async <T>(work: (store: UseStore, isLive: () => boolean) => Promise<T>): Promise<T> => {
    const first = current()
    const on = ({ store }: Connection) => limited((isLive) => work(store, isLive))
    try {
      return await on(first)
    } catch {
      // Whoever failed before may have a new connection already.
      if (connection === first) close()
      return on(current())
    }
  }
  return {
    kind: 'indexeddb',
    read: (key) => attempt((store) => get(key, store)),
    update: (key, decide) => attempt((store, isLive) => change(store, key, decide, isLive)),
    close,
  }
}
