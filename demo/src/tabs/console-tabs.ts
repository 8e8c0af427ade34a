import { eventLog } from '../auth.ts'
import type { LogEntry } from '../events/event-log.ts'
import { router } from '../router.ts'
import { createTabPresence, type TabPresence } from './tab-presence.ts'

/** The tabs that show this console. */
export const consoleTabs: TabPresence = createTabPresence({
  describe: () => ({
    path: router.state.location.pathname,
    isVisible: document.visibilityState === 'visible',
    renewedAtMs: lastRequestAtMs(eventLog.getEntries()),
  }),
  openChannel: () => new BroadcastChannel('telnyx-console-tabs'),
  locks: navigator.locks,
})

/** Lets this tab be seen by the others, for as long as the page lives. */
export function joinConsoleTabs(): void {
  let leave = consoleTabs.join()
  router.subscribe(consoleTabs.announce)
  eventLog.subscribe(consoleTabs.announce)
  document.addEventListener('visibilitychange', consoleTabs.announce)
  // A page that holds a lock is not kept for going back to it.
  addEventListener('pagehide', () => leave())
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) leave = consoleTabs.join()
  })
}

/** When this tab last got a token from the server. @param entries newest first */
function lastRequestAtMs(entries: readonly LogEntry[]): number | null {
  const last = entries.find(
    ({ event }) =>
      (event.type === 'token-renewed' && event.by === 'this-tab') ||
      (event.type === 'signed-in' && event.by === 'callback'),
  )
  return last?.event.atMs ?? null
}
