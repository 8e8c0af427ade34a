import { useSyncExternalStore } from 'react'
import { auth } from '../auth.ts'
import { createEventLog, type LogEntry } from './event-log.ts'

// Made with the module, before React mounts: the first events are those of the start.
const log = createEventLog(auth)

/** What has happened since this page was loaded, newest first. */
export function useEventLog(): readonly LogEntry[] {
  return useSyncExternalStore(log.subscribe, log.getEntries)
}
