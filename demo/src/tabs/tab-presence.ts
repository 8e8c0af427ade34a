import { readTabMessage, type TabMessage, type TabNews } from './tab-news.ts'

/** The tabs of this browser that show the console, as this one knows them. */
export interface TabPresence {
  readonly ownId: string
  readonly subscribe: (listener: () => void) => () => void
  /** In the order of opening; the same array until something changes. */
  readonly getTabs: () => readonly TabNews[]
  /** Joins the others. @returns leaves them again; it may join once more later */
  readonly join: () => () => void
  /** Tells the others how this tab is now. */
  readonly announce: () => void
}

interface TabPresenceOptions {
  readonly describe: () => Pick<TabNews, 'path' | 'isVisible' | 'renewedAtMs'>
  /** Opens the channel over which the tabs talk. */
  readonly openChannel: () => BroadcastChannel
  /** Missing where the page is not secure: then a tab that crashes is not noticed. */
  readonly locks: LockManager | undefined
}

/**
 * Tells tabs of each other. Each holds a lock of its own for as long as it lives, and whoever knows of a tab waits for
 * that lock: it is given when the tab is closed, even by a crash, and no tab has to say again and again that it lives.
 */
export function createTabPresence({ describe, openChannel, locks }: TabPresenceOptions): TabPresence {
  const ownId = crypto.randomUUID()
  const openedAtMs = Date.now()
  const listeners = new Set<() => void>()
  let tabs: readonly TabNews[] = []
  let tell: ((message: TabMessage) => void) | undefined

  const change = (next: readonly TabNews[]) => {
    tabs = next.toSorted((one, other) => one.openedAtMs - other.openedAtMs)
    for (const listener of listeners) listener()
  }
  const forget = (id: string) => change(tabs.filter((tab) => tab.id !== id))
  const remember = (news: TabNews) => change([...tabs.filter(({ id }) => id !== news.id), news])
  const announce = () => {
    const tab = { id: ownId, openedAtMs, ...describe() }
    remember(tab)
    tell?.({ type: 'here', tab })
  }

  const join = () => {
    const leaving = new AbortController()
    const { signal } = leaving
    const channel = openChannel()
    tell = (message) => channel.postMessage(message)
    channel.onmessage = ({ data }) => {
      const message = readTabMessage(data)
      if (message?.type === 'who-is-there') announce()
      if (message?.type === 'gone') forget(message.id)
      if (message?.type === 'here') {
        if (!tabs.some(({ id }) => id === message.tab.id))
          whenFree(locks, message.tab.id, signal, () => forget(message.tab.id))
        remember(message.tab)
      }
    }
    whenFree(locks, ownId, signal, () => new Promise((release) => signal.addEventListener('abort', release)))
    tell({ type: 'who-is-there' })
    announce()
    return () => {
      tell?.({ type: 'gone', id: ownId })
      tell = undefined
      leaving.abort()
      channel.close()
      change([])
    }
  }

  return {
    ownId,
    join,
    announce,
    getTabs: () => tabs,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** Waits for the lock of a tab, does something while it has it, and waits no longer once the signal says so. */
function whenFree(
  locks: LockManager | undefined,
  tabId: string,
  signal: AbortSignal,
  act: () => unknown,
): void {
  locks?.request(`telnyx-console-tab:${tabId}`, { signal }, () => act()).catch(() => {})
}
