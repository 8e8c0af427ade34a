import type { AuthSnapshot, TelnyxAuth } from '@telnyx-oauth/core'
import { useSyncExternalStore } from 'react'
import { everySecond, now } from './browser.ts'
import type { EventLog, LogEntry } from './event-log.ts'

/** What every part of the panel shows. */
export interface Devtools {
  readonly client: TelnyxAuth
  readonly snapshot: AuthSnapshot
  /** Newest first. */
  readonly entries: readonly LogEntry[]
  /** In whole seconds, so that nothing is rendered more often. */
  readonly nowMs: number
}

/** Gathers it. The panel runs in the browser only, so that there is no server snapshot. */
export function useDevtools(client: TelnyxAuth, log: EventLog): Devtools {
  return {
    client,
    snapshot: useSyncExternalStore(client.subscribe, client.getSnapshot),
    entries: useSyncExternalStore(log.subscribe, log.getEntries),
    nowMs: useSyncExternalStore(everySecond, wholeSecond),
  }
}

const wholeSecond = () => Math.floor(now() / 1000) * 1000
