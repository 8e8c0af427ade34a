import type { Context, Ports } from '../context.ts'
import type { ResolvedOptions } from '../options.ts'
import { broadcastChannel } from './channel.ts'
import { systemClock } from './clock.ts'
import { indexedDbStorage } from './indexed-db.ts'
import { lazyStorage } from './lazy-storage.ts'
import { browserPage } from './page.ts'
import type { StoragePort } from './storage.ts'
import { storageChain } from './storage-chain.ts'

const sessionStorages = (): StoragePort =>
  lazyStorage('session-storage', async () => (await import('./session-storage.ts')).sessionStorageStorage())

const memoryStorages = (): StoragePort =>
  lazyStorage('memory', async () => (await import('./memory.ts')).memoryStorage())

/** The ports of this browser tab or worker. On a server, where there is no storage at all, memory remains. */
export function browserPorts(
  storage: ResolvedOptions['storage'],
  sessionKey: string,
  onStorageDeleted: () => void,
  emit: Context['emit'],
): Ports {
  const chain = (first: StoragePort): StoragePort =>
    storageChain([first, sessionStorages(), memoryStorages()], (kind, reason) =>
      emit({ type: 'storage-degraded', kind, reason: String(reason) }),
    )
  const storages = {
    indexeddb: () => chain(indexedDbStorage(onStorageDeleted)),
    'session-storage': () => chain(sessionStorages()),
    memory: memoryStorages,
  }
  const records = typeof storage === 'string' ? storages[storage]() : storage
  return {
    storage: records,
    // The page is left and comes back: what is only in memory would be gone.
    transactions: storage === 'memory' ? storages['session-storage']() : records,
    channel: broadcastChannel(`telnyx-oauth-2 ${sessionKey}`),
    clock: systemClock,
    page: browserPage,
    fetch: (...request) => globalThis.fetch(...request),
  }
}
