import type { EndpointName } from '../endpoints.ts'
import {
  type LoggedRequest,
  matchesRequest,
  type RequestEntry,
  snapshotOf,
} from '../request-log/request-log.ts'
import { createDeferred } from './deferred.ts'
import type { Moment } from './faults.ts'

/** Which requests are kept open, and when. */
export interface HoldOptions {
  /** Before the server processes the request, or after it did and before it answers. @default 'before' */
  readonly when?: Moment
  /** How many requests are kept. @default 1 */
  readonly times?: number
  /** Only token requests of this `grant_type`. */
  readonly grant?: string
  readonly clientId?: string
  /** Only requests to this path. */
  readonly path?: string
}

/** Requests kept open until they are let go. Holds queue up like faults: each catches requests of its own. */
export interface Hold {
  /** The first request that was caught. Never resolves if the hold is released before. */
  readonly arrived: Promise<LoggedRequest>
  /** Requests caught so far. */
  readonly held: readonly LoggedRequest[]
  /** Resolves once so many requests are being held. */
  arrivals(count: number): Promise<readonly LoggedRequest[]>
  /** Lets everything go on and catches nothing more. */
  release(): void
}

export interface Holds {
  add(endpoint: EndpointName, options?: HoldOptions): Hold
  /** Waits for as long as a hold keeps this request. */
  pass(entry: RequestEntry, moment: Moment): Promise<void>
  releaseAll(): void
}

interface Active {
  readonly endpoint: EndpointName
  readonly options: HoldOptions
  readonly caught: (entry: RequestEntry) => Promise<void>
  left: number
}

export function createHolds(): Holds {
  const active = new Set<Active>()
  const releases = new Set<() => void>()

  function add(endpoint: EndpointName, options: HoldOptions = {}): Hold {
    const held: LoggedRequest[] = []
    const first = createDeferred<LoggedRequest>()
    const gate = createDeferred<void>()
    const counters = new Set<() => void>()
    const caught = (entry: RequestEntry): Promise<void> => {
      held.push(snapshotOf(entry))
      first.resolve(snapshotOf(entry))
      for (const check of counters) check()
      return gate.promise
    }
    const hold: Active = { endpoint, options, caught, left: options.times ?? 1 }
    const release = (): void => {
      active.delete(hold)
      releases.delete(release)
      gate.resolve(undefined)
    }
    const arrivals = (count: number): Promise<readonly LoggedRequest[]> =>
      new Promise((resolve) => {
        const check = (): void => {
          if (held.length >= count) resolve(Object.freeze([...held]))
        }
        counters.add(check)
        check()
      })
    active.add(hold)
    releases.add(release)
    return { arrived: first.promise, held, arrivals, release }
  }

  async function pass(entry: RequestEntry, moment: Moment): Promise<void> {
    const due = [...active].find(({ endpoint, left, options }) => {
      const { when = 'before', grant, clientId, path } = options
      return when === moment && left > 0 && matchesRequest(entry, { endpoint, grant, clientId, path })
    })
    if (due === undefined) return
    due.left -= 1
    await due.caught(entry)
  }

  return {
    add,
    pass,
    releaseAll() {
      for (const release of releases) release()
    },
  }
}
