import type { StoragePort } from './storage.ts'

/**
 * Uses the first storage whose first read works, and stays with it: a session must not change its place.
 *
 * @param onFallback told which storage is used instead, and why
 */
export function storageChain(
  storages: readonly [StoragePort, ...StoragePort[]],
  onFallback: (kind: StoragePort['kind'], reason: unknown) => void,
): StoragePort {
  let [chosen, ...rest] = storages
  let decided = false
  return {
    get kind() {
      return chosen.kind
    },
    read: async (key) => {
      for (;;) {
        const tried = chosen
        try {
          const stored = await tried.read(key)
          decided = true
          return stored
        } catch (error) {
          // Another read may have gone on to the next one meanwhile.
          if (tried !== chosen) continue
          const next = decided ? undefined : rest.shift()
          if (!next) throw error
          chosen = next
          onFallback(chosen.kind, error)
        }
      }
    },
    update: (key, change) => chosen.update(key, change),
    close: () => chosen.close(),
  }
}
