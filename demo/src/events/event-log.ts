import type { TelnyxAuth, TelnyxAuthEvent } from '@telnyx-oauth/core'

/** One event, numbered in the order of arrival. */
export interface LogEntry {
  readonly id: number
  readonly event: TelnyxAuthEvent
}

/** The events of one client since it was created. */
export interface EventLog {
  readonly subscribe: (listener: () => void) => () => void
  /** Newest first; the same array until another event arrives. */
  readonly getEntries: () => readonly LogEntry[]
}

const KEPT_ENTRIES = 200

/** Collects what `auth` reports. Events hold no token, so they may be kept and shown as they are. */
export function createEventLog(auth: Pick<TelnyxAuth, 'onEvent'>): EventLog {
  const listeners = new Set<() => void>()
  let entries: readonly LogEntry[] = []
  let nextId = 1
  auth.onEvent((event) => {
    entries = [{ id: nextId++, event }, ...entries].slice(0, KEPT_ENTRIES)
    for (const listener of listeners) listener()
  })
  return {
    getEntries: () => entries,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
