import type { StoragePort } from './storage.ts'

/** A storage whose code is loaded when it is first needed: most people never need it. */
export function lazyStorage(kind: StoragePort['kind'], load: () => Promise<StoragePort>): StoragePort {
  let loaded: Promise<StoragePort> | undefined
  const storage = () => {
    loaded ??= load().catch((error: unknown) => {
      loaded = undefined
      throw error
    })
    return loaded
  }
  return {
    kind,
    read: async (key) => (await storage()).read(key),
    update: async (key, change) => (await storage()).update(key, change),
    close: () => {},
  }
}
