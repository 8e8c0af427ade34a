import type { LiveRecord, ReceivedToken } from './record.ts'

/**
 * A token of the session that is not the session's own: for another resource, or for fewer scopes. Its rules come with
 * it, because few apps need them: the code that refreshes has none of its own.
 */
export interface ResourceTarget {
  /** Tells it from every other one. */
  readonly key: string
  /** The resource; `undefined` if the sign-in named none. */
  readonly resource: string | undefined
  /** `undefined`: all that there are. */
  readonly scopes: readonly string[] | undefined
  /** The same, as events have it. */
  readonly purpose: { readonly resource?: string; readonly scopes?: readonly string[] }
  readonly tokenIn: (record: LiveRecord) => ReceivedToken | undefined
  /** The resource tokens of `record` with this one, and without those that have expired. */
  readonly tokensWith: (
    record: LiveRecord,
    received: ReceivedToken,
    now: number,
  ) => NonNullable<LiveRecord['resourceTokens']>
}

/** The record as it is for `target`: with that token in place of the session's own. `undefined`: there is none. */
export function recordFor(record: LiveRecord, target: ResourceTarget | undefined): LiveRecord | undefined {
  if (!target) return record
  const { shortLived: _shortLived, unauthorizedAtMs: _unauthorizedAtMs, ...rest } = record
  const received = target.tokenIn(record)
  return received && { ...rest, ...received }
}

/** Tells if `next` has a newer token for `target` than `before`. */
export function isRenewed(before: LiveRecord, next: LiveRecord, target: ResourceTarget | undefined): boolean {
  const was = recordFor(before, target)
  const is = recordFor(next, target)
  return !!is && (is.token.accessToken !== was?.token.accessToken || is.receivedAtMs !== was.receivedAtMs)
}
