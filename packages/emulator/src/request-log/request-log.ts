import type { EndpointName } from '../endpoints.ts'
import { redactPath } from './redact.ts'

/** A request that reached the emulator. Tokens, codes and verifiers appear as short hashes only. */
export interface LoggedRequest {
  /** Counts up from 1. */
  readonly id: number
  readonly method: string
  readonly path: string
  readonly endpoint: EndpointName
  /** When it arrived, in milliseconds since the epoch. */
  readonly atMs: number
  /** `grant_type` of a token request. */
  readonly grant?: string
  readonly clientId?: string
  /** `Origin` header. */
  readonly origin?: string
  /** Headers in lower case; `authorization`, `cookie` and `dpop` as fingerprints. */
  readonly headers: Readonly<Record<string, string>>
  /** Query and body parameters; secrets as fingerprints, so that distinct refresh tokens can be counted. */
  readonly params: Readonly<Record<string, string>>
  /** Status of the answer; absent while it is under way and when the connection was dropped. */
  readonly status?: number
  /** OAuth `error` of the answer. */
  readonly error?: string
  /** The connection was cut by a fault. */
  readonly dropped?: boolean
}

/** Which requests are meant; everything given must match. */
export interface RequestFilter {
  readonly endpoint?: EndpointName | undefined
  readonly grant?: string | undefined
  /** Preflights are left out unless `method` is `'OPTIONS'`. */
  readonly method?: string | undefined
  readonly clientId?: string | undefined
  readonly path?: string | undefined
  readonly status?: number | undefined
}

/** A request while it is being answered: what becomes known is written in. */
export type RequestEntry = { -readonly [Member in keyof LoggedRequest]: LoggedRequest[Member] }

export interface RequestLog {
  begin(entry: Omit<RequestEntry, 'id'>): RequestEntry
  finish(entry: RequestEntry): void
  list(filter?: RequestFilter): readonly LoggedRequest[]
  clear(filter?: RequestFilter): void
  /** The next matching request to be finished after this call. */
  next(filter?: RequestFilter): Promise<LoggedRequest>
  /** Rejects every `next()` that is pending. @param event Past event that the rejection names. */
  rejectPending(event: string): void
}

/** An emulator that runs for days beside a dev server must not grow for days. */
const KEPT_REQUESTS = 20_000

interface Waiter {
  readonly filter: RequestFilter
  readonly resolve: (request: LoggedRequest) => void
  readonly reject: (reason: Error) => void
}

export function matchesRequest(request: LoggedRequest, filter: RequestFilter): boolean {
  if (request.method === 'OPTIONS' && filter.method !== 'OPTIONS') return false
  return (Object.keys(filter) as (keyof RequestFilter)[]).every(
    (member) =>
      filter[member] === undefined ||
      filter[member] === request[member] ||
      // The log has a hash in place of a consent token; a filter may name the path as it is requested.
      (member === 'path' && filter.path !== undefined && redactPath(filter.path) === request.path),
  )
}

/** A copy that will not change any more. */
export function snapshotOf(entry: RequestEntry): LoggedRequest {
  return Object.freeze({ ...entry })
}

export function createRequestLog(): RequestLog {
  let entries: RequestEntry[] = []
  let waiters: Waiter[] = []
  let count = 0

  return {
    begin(entry) {
      count += 1
      const started: RequestEntry = { id: count, ...entry }
      entries.push(started)
      if (entries.length > 2 * KEPT_REQUESTS) entries = entries.slice(-KEPT_REQUESTS)
      return started
    },
    finish(entry) {
      const request = snapshotOf(entry)
      const served = waiters.filter((waiter) => matchesRequest(request, waiter.filter))
      waiters = waiters.filter((waiter) => !served.includes(waiter))
      for (const waiter of served) waiter.resolve(request)
    },
    list: (filter = {}) =>
      Object.freeze(entries.map(snapshotOf).filter((entry) => matchesRequest(entry, filter))),
    clear(filter = {}) {
      const isAll = Object.values(filter).every((value) => value === undefined)
      // Preflights, which match no filter without a method, go too.
      entries = isAll ? [] : entries.filter((entry) => !matchesRequest(entry, filter))
    },
    next: (filter = {}) =>
      new Promise((resolve, reject) => {
        waiters.push({ filter, resolve, reject })
      }),
    rejectPending(event) {
      const abandoned = waiters
      waiters = []
      for (const waiter of abandoned) waiter.reject(new Error(`${event} before such a request came`))
    },
  }
}
