import { useSyncExternalStore } from 'react'
import { eventLog } from '../auth.ts'
import type { LogEntry } from './event-log.ts'

/** What has happened since this page was loaded, newest first. */
export function useEventLog(): readonly LogEntry[] {
  return useSyncExternalStore(eventLog.subscribe, eventLog.getEntries)
}
