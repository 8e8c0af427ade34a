import type { StoragePort } from '../../packages/core/src/ports/storage.ts'

/** What a disk does to one operation: answers late, fails, or fails after it wrote. */
export type StorageFault = (operation: 'read' | 'update', key: string) => Promise<void> | void

/** A storage whose operations can be counted, held and made to fail. */
export interface ControlledStorage extends StoragePort {
  /** `read KEY` and `write KEY` of every operation that did so, in order. */
  readonly log: readonly string[]
  /** Called before every operation; it may wait or throw. `undefined` lets everything through. */
  readonly before: (fault: StorageFault | undefined) => void
  /** Makes writes fail after their decision was taken, as a full disk does: the transaction is rolled back. */
  readonly failCommits: (failing: boolean) => void
}

/** What a browser says when the disk is full. */
export const diskFull = (): Error =>
  Object.assign(new Error('The quota has been exceeded.'), { name: 'QuotaExceededError' })

export function controlStorage(
  inner: StoragePort,
  note: (entry: string) => void = () => {},
): ControlledStorage {
  const log: string[] = []
  let fault: StorageFault | undefined
  let commitsFail = false
  const write = (entry: string) => {
    log.push(entry)
    note(entry)
  }
  return {
    kind: inner.kind,
    log,
    before: (next) => {
      fault = next
    },
    failCommits: (failing) => {
      commitsFail = failing
    },
    read: async (key) => {
      await fault?.('read', key)
      write(`read ${key}`)
      return inner.read(key)
    },
    update: async (key, change) => {
      await fault?.('update', key)
      if (commitsFail) {
        const next = change(await inner.read(key))
        if (next === undefined) return false
        throw diskFull()
      }
      const isWritten = await inner.update(key, change)
      if (isWritten) write(`write ${key}`)
      return isWritten
    },
    close: () => inner.close(),
  }
}
