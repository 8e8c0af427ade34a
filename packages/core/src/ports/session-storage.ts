import type { StoragePort } from './storage.ts'

/** Keeps records as JSON in `sessionStorage`: for this tab alone, across reloads. */
export function sessionStorageStorage(): StoragePort {
  const nameOf = (key: string) => `telnyx-oauth-1 ${key}`
  const read = (key: string): unknown => {
    const text = sessionStorage.getItem(nameOf(key))
    try {
      return text === null ? undefined : JSON.parse(text)
    } catch {
      return text
    }
  }
  return {
    kind: 'session',
    read: async (key) => read(key),
    update: async (key, change) => {
      const next = change(read(key))
      if (next === undefined) return false
      sessionStorage.setItem(nameOf(key), JSON.stringify(next))
      return true
    },
    close: () => {},
  }
}
