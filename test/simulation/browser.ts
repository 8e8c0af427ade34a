import type { Ports } from '../../packages/core/src/context.ts'
import type { TelnyxAuthEvent } from '../../packages/core/src/events.ts'
import type { ResolvedOptions } from '../../packages/core/src/options.ts'
import type { PagePort } from '../../packages/core/src/ports/page.ts'
import type { TelnyxAuth } from '../../packages/core/src/telnyx-auth.ts'
import type { Channels } from './channels.ts'
import type { Disk } from './disk.ts'
import type { Core } from './load-core.ts'
import type { Locks } from './locks.ts'
import type { Network } from './network.ts'
import type { Actor, World } from './world.ts'

/** One loaded page with a client on it. */
export interface Page extends Actor {
  readonly tab: Tab
  readonly auth: TelnyxAuth
  isReady: boolean
  readonly wake: (cause: 'visible' | 'online') => void
  /** What the browser tells a page that it is about to freeze. */
  readonly fallAsleep: () => void
  readonly act: () => void
  /** What the browser tells a page whose database was deleted. */
  readonly lostDatabase: () => void
}

/** A tab: pages come and go in it, its notes stay. */
export interface Tab {
  readonly name: string
  readonly notes: Map<string, string>
  href: string
  isVisible: boolean
  page: Page | undefined
  /** Where the person is when not in the app: signing in at the server. */
  leftFor: string | undefined
}

export interface Browser {
  readonly tabs: readonly Tab[]
  /** Pages that are neither dead nor away. */
  readonly pages: () => readonly Page[]
  readonly newTab: () => Tab
  /** Loads the tab's address: what was there before dies. */
  readonly load: (tab: Tab) => Page
  /** Ends the page of a tab: everything pending for it is gone, its locks are free, its leases stay. */
  readonly end: (page: Page, requestsMayArrive: boolean) => void
  readonly close: (tab: Tab) => void
}

export interface BrowserOptions {
  readonly core: Core
  readonly clientOptions: ResolvedOptions
  readonly disk: Disk
  readonly locks: Locks
  readonly channels: Channels
  readonly network: Network
  readonly onNavigate: (page: Page) => void
  readonly onPage: (page: Page) => void
  readonly onEvent: (page: Page, event: TelnyxAuthEvent) => void
}

export const appOrigin = 'https://app.example'

function createPagePort(tab: Tab, page: () => Page, onNavigate: (page: Page) => void) {
  const wakers = new Set<(cause: 'visible' | 'online') => void>()
  const sleepers = new Set<() => void>()
  const watchers = new Set<() => void>()
  const loadedUrl = tab.href
  const port: PagePort = {
    href: () => tab.href,
    loadedUrl: () => loadedUrl,
    isSecure: () => true,
    isVisible: () => tab.isVisible,
    navigate: (url) => {
      tab.leftFor = url
      onNavigate(page())
    },
    replace: (url) => {
      tab.href = new URL(url, tab.href).href
    },
    onWake: (listener, onFreeze) => {
      wakers.add(listener)
      sleepers.add(onFreeze)
      return () => {
        wakers.delete(listener)
        sleepers.delete(onFreeze)
      }
    },
    onActivity: (listener) => {
      watchers.add(listener)
      return () => void watchers.delete(listener)
    },
    recall: (key) => tab.notes.get(key),
    remember: (key, value) => {
      if (value === undefined) tab.notes.delete(key)
      else tab.notes.set(key, value)
    },
  }
  return { port, wakers, sleepers, watchers }
}

export function createBrowser(world: World, options: BrowserOptions): Browser {
  const { core, clientOptions, disk, locks, channels, network, onNavigate, onPage, onEvent } = options
  const tabs: Tab[] = []
  let loads = 0
  let opened = 0

  const end = (page: Page, requestsMayArrive: boolean) => {
    page.state = 'dead'
    if (page.tab.page === page) page.tab.page = undefined
    network.cut(page, requestsMayArrive)
    channels.portFor(page).close()
    world.forget(page)
    locks.release(page)
  }

  const load = (tab: Tab): Page => {
    if (tab.page) end(tab.page, true)
    loads += 1
    const actor: Actor = { name: `${tab.name}.${loads}`, state: 'running', isThrottled: false }
    const { port, wakers, sleepers, watchers } = createPagePort(tab, () => page, onNavigate)
    let lostDatabase = () => {}
    const page: Page = Object.assign(actor, {
      tab,
      isReady: false,
      auth: undefined as unknown as TelnyxAuth,
      wake: (cause: 'visible' | 'online') => {
        locks.resume(page)
        for (const listener of wakers) listener(cause)
      },
      fallAsleep: () => {
        for (const listener of sleepers) listener()
        locks.pause(page)
      },
      act: () => {
        for (const listener of watchers) listener()
      },
      lostDatabase: () => lostDatabase(),
    })
    const createPorts = (_key: string, onStorageDeleted: () => void): Ports => {
      lostDatabase = onStorageDeleted
      const storage = disk.portFor(page)
      return {
        storage,
        transactions: storage,
        lock: locks.portFor(page),
        channel: channels.portFor(page),
        clock: {
          now: world.wallMs,
          elapsedMs: world.nowMs,
          random: world.random.next,
          setTimer: (delayMs, run) => world.later(page, `timer of ${delayMs} ms`, delayMs, run, true),
        },
        page: port,
        fetch: network.fetchFor(page),
      }
    }
    Object.assign(page, { auth: core.createClient(clientOptions, createPorts) })
    tab.page = page
    tab.leftFor = undefined
    page.auth.onEvent((event) => onEvent(page, event))
    onPage(page)
    return page
  }

  return {
    tabs,
    pages: () => tabs.flatMap(({ page }) => page ?? []),
    newTab: () => {
      const tab: Tab = {
        name: `tab${++opened}`,
        notes: new Map(),
        href: `${appOrigin}/`,
        isVisible: true,
        page: undefined,
        leftFor: undefined,
      }
      tabs.push(tab)
      return tab
    },
    load,
    end,
    close: (tab) => {
      if (tab.page) end(tab.page, true)
      tabs.splice(tabs.indexOf(tab), 1)
    },
  }
}
