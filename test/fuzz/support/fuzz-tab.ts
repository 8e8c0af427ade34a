import { createClient } from '../../../packages/core/src/client.ts'
import type { TelnyxAuthEvent } from '../../../packages/core/src/events.ts'
import { resolveOptions } from '../../../packages/core/src/options.ts'
import { memoryLock, memoryPage, memoryStorage } from '../../../packages/core/src/ports/memory.ts'
import type { TelnyxAuth } from '../../../packages/core/src/telnyx-auth.ts'
import { appOrigin, testOptions } from '../../support/simulated-browser.ts'
import { createSimulatedClock, type SimulatedClock } from '../../support/simulated-clock.ts'

/** What a tab finds, and what is left of it: the same for every case of a kind. */
export interface Given {
  readonly records: ReadonlyMap<string, unknown>
  readonly fetch: typeof globalThis.fetch
  /** On the app's origin. */
  readonly path: string
}

/** One tab with a browser of its own, made as cheaply as can be. */
export interface FuzzTab {
  readonly auth: TelnyxAuth
  readonly records: Map<string, unknown>
  readonly page: ReturnType<typeof memoryPage>
  readonly clock: SimulatedClock
  readonly events: readonly TelnyxAuthEvent[]
}

/** When every case begins. */
export const startMs: number = Date.UTC(2026, 10, 1)

const resolved = resolveOptions(testOptions)

export function openTab({ records: found, fetch, path }: Given): FuzzTab {
  const records = new Map(found)
  const events: TelnyxAuthEvent[] = []
  const page = { ...memoryPage(appOrigin + path), isVisible: () => false }
  const clock = createSimulatedClock(startMs)
  const storage = memoryStorage(records)
  const auth = createClient(resolved, () => ({
    storage,
    transactions: { ...storage, kind: 'custom' },
    lock: memoryLock(new Map(), clock.setTimer),
    channel: { post: () => {}, listen: () => {}, close: () => {} },
    clock,
    fetch,
    page,
  }))
  auth.onEvent((event) => events.push(event))
  return { auth, records, page, clock, events }
}
