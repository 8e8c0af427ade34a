import type { Ports } from '../../packages/core/src/context.ts'
import type { TelnyxAuthOptions } from '../../packages/core/src/options.ts'
import type { LockPort } from '../../packages/core/src/ports/lock.ts'
import { type MemoryLocks, memoryLock, memoryStorage } from '../../packages/core/src/ports/memory.ts'
import { type ControlledStorage, controlStorage } from './controlled-storage.ts'
import { createDeferred, type Deferred } from './deferred.ts'
import { createModelServer, type ModelServer, type ModelServerOptions } from './model-server.ts'
import { callbackUrl } from './sign-in-tab.ts'
import {
  appOrigin,
  type CoreUnderTest,
  createSimulatedBrowser,
  type SimulatedBrowser,
  type SimulatedTab,
} from './simulated-browser.ts'
import { settle } from './simulated-clock.ts'
import { createSimulatedPage, type SimulatedPage } from './simulated-page.ts'

/** A tab whose page and storage the test controls. `log` tells in order what it did to both. */
export interface SceneTab extends SimulatedTab {
  readonly page: SimulatedPage
  readonly storage: ControlledStorage
  readonly log: readonly string[]
}

/** A browser, a server, and the ways in which a person moves between them. */
export interface Scene extends Pick<SimulatedBrowser, 'clock' | 'records'> {
  readonly server: ModelServer
  /** Opens a tab of the app. */
  readonly open: (url?: string, options?: Partial<TelnyxAuthOptions>, ports?: Partial<Ports>) => SceneTab
  /** Loads the tab's page again: a new client on the same page, storage and notes. */
  readonly reload: (tab: SceneTab) => SceneTab
  /** Closes the tab as a crash does: its locks are free, and nothing it was about to do happens any more. */
  readonly kill: (tab: SceneTab) => void
  /** Leaves for the server. @returns the authorization URL */
  readonly leave: (tab: SceneTab, ...options: Parameters<SimulatedTab['auth']['signIn']>) => Promise<string>
  /** Comes back from the server to `url`, or with a code, and lets the callback run to its end. */
  readonly comeBack: (tab: SceneTab, url?: string) => Promise<SceneTab>
  /** Signs a person in, in a new tab. */
  readonly signIn: (options?: Partial<TelnyxAuthOptions>, ports?: Partial<Ports>) => Promise<SceneTab>
  /** The stored session as it is. */
  readonly record: () => Record<string, unknown>
  /** Changes parts of the stored session behind the backs of all tabs. */
  readonly patchRecord: (part: Record<string, unknown>) => void
}

export { transactionsKey } from '../../packages/core/src/model/transaction.ts'

/** The key of the session record of the tests' client. */
export const sessionKey: string = JSON.stringify(['https://api.telnyx.com', 'telnyx-demo', ''])

/** How long the tests' access tokens are valid. */
export const lifetimeMs = 1_800_000

interface Making {
  readonly options: Partial<TelnyxAuthOptions>
  readonly ports: Partial<Ports>
  readonly page: SimulatedPage
  readonly storage: ControlledStorage
  readonly log: string[]
  readonly death: Deferred<void>
}

const never = (): Promise<never> => new Promise(() => {})

/** A lock that a dead tab lets go of. */
const mortal = (lock: LockPort, death: Promise<void>): LockPort => ({
  ...lock,
  run: (name, timeoutMs, work) => lock.run(name, timeoutMs, (held) => Promise.race([work(held), death])),
})

export function createScene(serverOptions?: ModelServerOptions, core?: CoreUnderTest): Scene {
  const server = createModelServer(serverOptions)
  const browser = createSimulatedBrowser(server.fetch, core)
  const { records, clock } = browser
  const makings = new WeakMap<SceneTab, Making>()
  const locks: MemoryLocks = new Map()
  const makingOf = (tab: SceneTab): Making => {
    const making = makings.get(tab)
    if (!making) throw new Error('This tab was not opened here')
    return making
  }

  const make = (given: Omit<Making, 'death'>): SceneTab => {
    const making = { ...given, death: createDeferred() }
    const { options, ports, page, storage, log, death } = making
    const lock = mortal(ports.lock ?? memoryLock(locks, clock.setTimer), death.promise)
    const { auth, events } = browser.open(options, { storage, ...ports, lock, page })
    const tab = { auth, events, page, storage, log }
    makings.set(tab, making)
    return tab
  }
  const open: Scene['open'] = (url = `${appOrigin}/`, options = {}, ports = {}) => {
    const log: string[] = []
    const note = (entry: string) => void log.push(entry)
    const page = (ports.page as SimulatedPage | undefined) ?? createSimulatedPage(url, note)
    return make({ options, ports, log, page, storage: controlStorage(memoryStorage(records), note) })
  }
  const reload: Scene['reload'] = (tab) => {
    tab.auth.dispose()
    tab.page.load()
    makingOf(tab).death.resolve()
    return make(makingOf(tab))
  }
  const leave: Scene['leave'] = async (tab, options) => {
    await tab.auth.signIn({ returnTo: '/inbox', ...options })
    return tab.page.href()
  }
  const comeBack: Scene['comeBack'] = async (tab, url = callbackUrl(server, tab.page.href())) => {
    tab.page.navigate(url)
    const back = reload(tab)
    await back.auth.ready()
    await settle()
    return back
  }
  // The key of a client with the option `resource` ends with its resources.
  const storedKey = () =>
    [...records.keys()].find((key) => key.startsWith(sessionKey.slice(0, -1)) && key.endsWith(']')) ??
    sessionKey
  return {
    server,
    records,
    clock,
    open,
    reload,
    kill: (tab) => {
      tab.auth.dispose()
      tab.storage.before(never)
      makingOf(tab).death.resolve()
    },
    leave,
    comeBack,
    signIn: async (options, ports) => {
      const tab = open(undefined, options, ports)
      await leave(tab)
      return comeBack(tab)
    },
    record: () => records.get(storedKey()) as Record<string, unknown>,
    patchRecord: (part) => {
      records.set(storedKey(), { ...(records.get(storedKey()) as object), ...part })
    },
  }
}

/** The refresh tokens that reached the server, in order. */
export const refreshTokensSent = ({ server }: Pick<Scene, 'server'>): (string | null)[] =>
  server.tokenRequests('refresh_token').map(({ parameters }) => parameters.get('refresh_token'))

/** How many codes reached the server. */
export const codesSent = ({ server }: Pick<Scene, 'server'>): number =>
  server.tokenRequests('authorization_code').length

/** What the snapshot says is wrong, in two words. */
export const errorOf = ({ auth }: Pick<SimulatedTab, 'auth'>): unknown => {
  const { error } = auth.getSnapshot()
  return error && { code: error.code, phase: error.phase }
}
