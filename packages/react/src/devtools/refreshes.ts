import type { TelnyxAuthEvent } from '@telnyx-oauth/core'
import type { LogEntry } from './event-log.ts'

/** One refresh as this tab saw it. */
export interface Refresh {
  /** Of the entry that it began with. */
  readonly id: number
  readonly atMs: number
  /** Who sent the request, as far as that is known. */
  readonly by: 'this-tab' | 'other-tab'
  /** How long this tab waited for the lock; absent where it did not ask for it. */
  readonly waitedMs?: number
  /** How many requests this tab sent. */
  readonly requests: number
  /** What the token is for, if it is one beside the session's own. */
  readonly purpose?: string
  /** `renewed`, `added` beside the session's own, `under way`, or the code of what went wrong. */
  readonly outcome: string
}

const underWay = 'under way'

/** What the events say about refreshes, newest first. @param entries newest first */
export function refreshesOf(entries: readonly LogEntry[]): readonly Refresh[] {
  const refreshes: Refresh[] = []
  let before: TelnyxAuthEvent | undefined
  for (const { id, event } of entries.toReversed()) {
    const [newest] = refreshes
    const open = newest?.outcome === underWay ? newest : undefined
    const begun: Refresh = { id, atMs: event.atMs, by: 'this-tab', requests: 0, outcome: underWay }
    if (event.type === 'lock-waited' && event.outcome === 'adopt') {
      // What another tab got was told first, when it was taken over.
      if (newest && isRenewedElsewhere(before)) refreshes[0] = { ...newest, waitedMs: event.waitedMs }
    } else {
      const next = after(event, open ?? begun)
      if (next && (open || !isEnd(event))) refreshes.splice(0, open ? 1 : 0, next)
    }
    before = event
  }
  return refreshes
}

const isRenewedElsewhere = (event: TelnyxAuthEvent | undefined): boolean =>
  event?.type === 'token-renewed' && event.by === 'other-tab'

const isEnd = ({ type }: TelnyxAuthEvent): boolean => type === 'signed-out' || type === 'session-replaced'

/** What is known of a refresh after an event; `undefined` if it has nothing to do with it. */
function after(event: TelnyxAuthEvent, refresh: Refresh): Refresh | undefined {
  switch (event.type) {
    case 'lock-waited':
      return { ...refresh, waitedMs: event.waitedMs }
    case 'refresh-started':
      return { ...refresh, ...purposeOf(event), requests: refresh.requests + 1 }
    case 'token-renewed':
      return { ...refresh, by: event.by, outcome: 'renewed' }
    case 'token-added':
      return { ...refresh, ...purposeOf(event), outcome: 'added' }
    case 'refresh-failed':
      return { ...refresh, ...purposeOf(event), outcome: event.code }
    case 'signed-out':
      return { ...refresh, outcome: event.code ?? 'signed out' }
    case 'session-replaced':
      return { ...refresh, outcome: 'session replaced' }
    default:
      return undefined
  }
}

function purposeOf({ resource, scopes }: Purpose): Pick<Refresh, 'purpose'> {
  const purpose = [resource, scopes?.join(' ')].filter(Boolean).join(' ')
  return purpose ? { purpose } : {}
}

interface Purpose {
  readonly resource?: string
  readonly scopes?: readonly string[]
}
