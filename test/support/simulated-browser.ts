import { createClient } from '../../packages/core/src/client.ts'
import type { Ports } from '../../packages/core/src/context.ts'
import type { TelnyxAuthEvent } from '../../packages/core/src/events.ts'
import { resolveOptions, type TelnyxAuthOptions } from '../../packages/core/src/options.ts'
import {
  type MemoryChannels,
  type MemoryLocks,
  memoryChannel,
  memoryLock,
  memoryPage,
  memoryStorage,
} from '../../packages/core/src/ports/memory.ts'
import type { TelnyxAuth } from '../../packages/core/src/telnyx-auth.ts'
import { overhear } from './overheard.ts'
import { createSimulatedClock, type SimulatedClock } from './simulated-clock.ts'

/** A tab: one client on a page of its own. */
export interface SimulatedTab {
  readonly auth: TelnyxAuth
  readonly page: ReturnType<typeof memoryPage>
  readonly events: readonly TelnyxAuthEvent[]
}

/** A browser: tabs that share storage, locks, channels and one clock. */
export interface SimulatedBrowser {
  readonly clock: SimulatedClock
  readonly records: Map<string, unknown>
  /** Opens a tab, or reloads one when its `page` is given. */
  readonly open: (options?: Partial<TelnyxAuthOptions>, ports?: Partial<Ports>) => SimulatedTab
}

/** What every test's client is called and where it lives. */
export const appOrigin = 'http://localhost:5173'
export const testOptions: TelnyxAuthOptions = {
  clientId: 'telnyx-demo',
  redirectUri: '/callback',
  scope: ['messaging.read', 'billing.read'],
}

/** `auth` in a page that tells what its calls are rejected with. */
function overheard(auth: TelnyxAuth): TelnyxAuth {
  const listen = <Call extends (...given: never[]) => Promise<unknown>>(call: Call): Call =>
    ((...given) => {
      const result = call(...given)
      result.then(
        () => overhear(auth.getSnapshot().error),
        (error: unknown) => overhear(error),
      )
      return result
    }) as Call
  return Object.freeze({
    ...auth,
    ready: listen(auth.ready),
    signIn: listen(auth.signIn),
    finishSignIn: listen(auth.finishSignIn),
    getAccessToken: listen(auth.getAccessToken),
    refresh: listen(auth.refresh),
    fetch: listen(auth.fetch),
    signOut: listen(auth.signOut),
  })
}

/** The core that tabs run: the sources as they are, or a copy in which something was changed. */
export interface CoreUnderTest {
  readonly createClient: typeof createClient
  readonly resolveOptions: typeof resolveOptions
}

/** Creates a browser whose only way out is `fetch`. */
export function createSimulatedBrowser(
  fetch: typeof globalThis.fetch,
  core: CoreUnderTest = { createClient, resolveOptions },
): SimulatedBrowser {
  const clock = createSimulatedClock()
  const records = new Map<string, unknown>()
  const locks: MemoryLocks = new Map()
  const channels: MemoryChannels = new Map()
  return {
    clock,
    records,
    open: (options, given) => {
      const events: TelnyxAuthEvent[] = []
      const page = (given?.page as SimulatedTab['page'] | undefined) ?? memoryPage(`${appOrigin}/`)
      const resolved = core.resolveOptions({ ...testOptions, ...options })
      const auth = core.createClient(resolved, (sessionKey) => {
        const storage = given?.storage ?? memoryStorage(records)
        return {
          storage,
          // What only memory keeps would be gone with the page.
          transactions: { ...storage, kind: 'custom' },
          lock: memoryLock(locks, clock.setTimer),
          channel: memoryChannel(channels, sessionKey),
          clock,
          fetch,
          ...given,
          page,
        }
      })
      auth.onEvent((event) => {
        events.push(event)
        overhear(event)
        overhear(auth.getSnapshot().error)
      })
      return { auth: overheard(auth), page, events }
    },
  }
}
