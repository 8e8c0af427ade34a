import { createStore, get, type UseStore, update } from 'idb-keyval'
import type { StoragePort } from './storage.ts'

/** Thrown inside `update` to leave the record untouched: idb-keyval cannot do so itself. */
const unchanged = Symbol()

/** A dead connection may never answer (WebKit), so every operation has an end. */
const operationTimeoutMs = 3000

/**
 * Keeps records in one IndexedDB database, whose name carries the schema version: idb-keyval cannot upgrade one.
 *
 * @param onDeleted called when another tab or the person deletes the database while it is open
 */
export function indexedDbStorage(onDeleted: () => void): StoragePort {
  let connection: { readonly store: UseStore; db?: IDBDatabase } | undefined

  const close = () => {
    connection?.db?.close()
    connection = undefined
  }

  const open = (): UseStore => {
    if (connection) return connection.store
    const base = createStore('telnyx-oauth-1', 'records')
    const opened: { store: UseStore; db?: IDBDatabase } = {
      store: (mode, callback) =>
        base(mode, (records) => {
          const { db } = records.transaction
          opened.db = db
          // Without this, whoever deletes the database waits for this tab to close.
          db.onversionchange = () => {
            db.close()
            if (connection === opened) connection = undefined
            onDeleted()
          }
          return callback(records)
        }),
    }
    connection = opened
    return opened.store
  }

  /** Runs `work`, and once more on a new connection if the first one fails or hangs. */
  async function attempt<T>(work: (store: UseStore, isLive: () => boolean) => Promise<T>): Promise<T> {
    const once = async () => {
      let live = true
      let timer: ReturnType<typeof setTimeout> | undefined
      const deadline = new Promise<never>((_, reject) => {
        timer = setTimeout(reject, operationTimeoutMs, new Error('IndexedDB does not answer'))
      })
      try {
        return await Promise.race([work(open(), () => live), deadline])
      } finally {
        live = false
        clearTimeout(timer)
      }
    }
    try {
      return await once()
    } catch {
      close()
      return once()
    }
  }

  return {
    kind: 'indexeddb',
    read: (key) => attempt((store) => get(key, store)),
    update: (key, change) =>
      attempt(async (store, isLive) => {
        try {
          await update(
            key,
            (stored) => {
              // A write that was given up must not happen behind the caller's back.
              const next = isLive() ? change(stored) : undefined
              if (next === undefined) throw unchanged
              return next
            },
            store,
          )
          return true
        } catch (error) {
          if (error === unchanged) return false
          throw error
        }
      }),
    close,
  }
}
