import type { TelnyxAuthEvent } from '@telnyx-oauth/core'
import type { LogEntry } from './event-log.ts'

/** How the token in use came to this tab. */
export type RenewalSource =
  | 'callback'
  | 'storage'
  | 'signed-in-elsewhere'
  | 'this-tab'
  | 'other-tab'
  | 'replaced'

/** The event that brought the token in use. */
export interface Renewal {
  readonly source: RenewalSource
  readonly atMs: number
}

/** Finds how the token in use came here. @param entries newest first */
export function lastRenewal(entries: readonly LogEntry[]): Renewal | undefined {
  for (const { event } of entries) {
    if (event.type === 'token-renewed') return { source: event.by, atMs: event.atMs }
    if (event.type === 'session-replaced') return { source: 'replaced', atMs: event.atMs }
    if (event.type === 'signed-in') {
      return { source: event.by === 'other-tab' ? 'signed-in-elsewhere' : event.by, atMs: event.atMs }
    }
  }
  return undefined
}

/** Whether the session's own token could not be renewed. */
const isFailure = (event: TelnyxAuthEvent) =>
  event.type === 'refresh-failed' && !event.resource && !event.scopes

/** Before when there is no next try, in milliseconds since 1970, if the last refresh failed. @param entries newest first */
export function pauseEndsAtMs(entries: readonly LogEntry[]): number | undefined {
  const last = entries.find(({ event }) => isFailure(event) || event.type === 'token-renewed')
  return last?.event.type === 'refresh-failed' ? last.event.retryAtMs : undefined
}

/** How many token requests this tab has sent since it was loaded: code exchanges and refreshes. */
export function countTokenRequests(entries: readonly LogEntry[]): number {
  return entries.filter(
    ({ event }) =>
      event.type === 'refresh-started' || (event.type === 'signed-in' && event.by === 'callback'),
  ).length
}
