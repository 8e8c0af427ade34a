import type { Page } from './browser.ts'
import type { Evidence, EvidenceOptions } from './evidence.ts'
import { createSessions, type Session } from './sessions.ts'
import { type RequestWatch, watchRequests } from './watch-requests.ts'
import { type StoreWatch, watchStore } from './watch-store.ts'
import { type TabWatch, watchTabs } from './watch-tabs.ts'

/** Watches everything from outside, and says which promise was broken first. */
export interface InvariantChecker
  extends RequestWatch,
    Omit<StoreWatch, 'signsOut'>,
    Omit<TabWatch, 'shownBy'> {
  readonly violation: () => string | undefined
  readonly fail: (what: string) => void
  readonly sessionOf: (sessionId: string) => Session | undefined
  /** A person is about to sign out in this page. */
  readonly signsOut: (page: Page) => void
}

export function createInvariantChecker(options: EvidenceOptions): InvariantChecker {
  const { world, server } = options
  let violation: string | undefined
  const fail = (what: string) => {
    violation ??= what
    world.note(`!! ${what}`)
  }
  const sessions = createSessions(server, fail)
  const evidence: Evidence = {
    ...options,
    fail,
    sessions,
    requests: [],
    leaseWriters: new Map(),
    generations: new Map(),
    clearings: 0,
    lastSignOut: undefined,
    waits: new Map(),
    storedWaitMs: 0,
  }
  const store = watchStore(evidence)
  const { shownBy, ...tabs } = watchTabs(evidence)
  return {
    ...watchRequests(evidence),
    ...store,
    ...tabs,
    violation: () => violation,
    fail,
    sessionOf: sessions.get,
    signsOut: (page) => store.signsOut(page, shownBy(page)),
  }
}
