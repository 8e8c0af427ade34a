import type { TelnyxAuth, TelnyxAuthEvent } from '@telnyx-oauth/core'

/** One event, numbered in the order of arrival. */
export interface LogEntry {
  readonly id: number
  readonly event: TelnyxAuthEvent
}

/** What a client has told since the log was started. */
export interface EventLog {
  /** Begins to listen. @returns stop listening; what was heard stays */
  readonly start: () => () => void
  readonly subscribe: (listener: () => void) => () => void
  /** Newest first; the same array until another event arrives. */
  readonly getEntries: () => readonly LogEntry[]
}

const keptEntries = 200

/** Creates a log of what `auth` tells. */
export function createEventLog({ onEvent }: Pick<TelnyxAuth, 'onEvent'>): EventLog {
  const listeners = new Set<() => void>()
  let entries: readonly LogEntry[] = []
  let id = 0
  return {
    start: () =>
      onEvent((event) => {
        id += 1
        entries = [{ id, event }, ...entries].slice(0, keptEntries)
        for (const listener of listeners) listener()
      }),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    getEntries: () => entries,
  }
}
