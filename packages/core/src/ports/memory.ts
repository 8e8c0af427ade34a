import type { ChannelMessage, ChannelPort } from './channel.ts'
import type { LockPort } from './lock.ts'
import type { PagePort } from './page.ts'
import type { StoragePort } from './storage.ts'

/** Keeps records as long as `records` lives. Values are cloned, as a database would. */
export function memoryStorage(records: Map<string, unknown> = new Map()): StoragePort {
  return {
    kind: 'memory',
    read: async (key) => structuredClone(records.get(key)),
    update: async (key, change) => {
      const next = change(structuredClone(records.get(key)))
      if (next === undefined) return false
      records.set(key, structuredClone(next))
      return true
    },
    close: () => {},
  }
}

/** Who waits for which lock, first come first served. Share one among the tabs of one browser. */
export type MemoryLocks = Map<string, Promise<unknown>>

/** Locks among everyone who shares `locks`. */
export function memoryLock(
  locks: MemoryLocks,
  setTimer: (delayMs: number, run: () => void) => () => void,
): LockPort {
  return {
    names: async () => [...locks.keys()],
    run: async (name, timeoutMs, work) => {
      const before = locks.get(name) ?? Promise.resolve()
      let release = () => {}
      const held = new Promise<void>((resolve) => {
        release = resolve
      })
      const last: Promise<void> = before
        .then(() => held)
        .then(() => {
          if (locks.get(name) === last) locks.delete(name)
        })
      locks.set(name, last)
      let cancel = () => {}
      const granted = await Promise.race([
        before.then(() => true),
        new Promise<false>((resolve) => {
          cancel = setTimer(timeoutMs, () => resolve(false))
        }),
      ])
      cancel()
      if (!granted) {
        release()
        return work(false)
      }
      return work(true).finally(release)
    },
  }
}

/** Everyone who listens under a name. */
export type MemoryChannels = Map<string, Set<(message: ChannelMessage) => void>>

/** Messages among everyone who shares `channels`; never to the sender. */
export function memoryChannel(channels: MemoryChannels, name: string): ChannelPort {
  let mine: ((message: ChannelMessage) => void) | undefined
  const others = () => {
    const all = channels.get(name) ?? new Set()
    channels.set(name, all)
    return all
  }
  const close = () => {
    if (mine) others().delete(mine)
    mine = undefined
  }
  return {
    post: (message) => {
      for (const listener of others()) {
        if (listener !== mine) queueMicrotask(() => others().has(listener) && listener(message))
      }
    },
    listen: (listener) => {
      close()
      mine = listener
      others().add(listener)
    },
    close,
  }
}

/** A page nobody looks at: what a server has. */
export function memoryPage(
  start: string = 'http://localhost/',
): PagePort & { readonly load: () => void; readonly wake: () => void; readonly act: () => void } {
  let href = start
  let loadedUrl = start
  const notes = new Map<string, string>()
  const activity = new Set<() => void>()
  const listeners = new Set<(cause: 'visible' | 'online') => void>()
  return {
    href: () => href,
    loadedUrl: () => loadedUrl,
    load: () => {
      loadedUrl = href
    },
    isSecure: () => true,
    isVisible: () => true,
    navigate: (url) => {
      loadedUrl = href = new URL(url, href).href
    },
    replace: (url) => {
      href = new URL(url, href).href
    },
    onWake: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    onActivity: (listener) => {
      activity.add(listener)
      return () => void activity.delete(listener)
    },
    act: () => {
      for (const listener of activity) listener()
    },
    recall: (key) => notes.get(key),
    remember: (key, value) => {
      if (value === undefined) notes.delete(key)
      else notes.set(key, value)
    },
    wake: () => {
      for (const listener of listeners) listener('visible')
    },
  }
}
