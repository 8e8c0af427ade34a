import type { EndpointName } from '../endpoints.ts'
import {
  type LoggedRequest,
  matchesRequest,
  type RequestEntry,
  snapshotOf,
} from '../request-log/request-log.ts'
import { createDeferred, type Deferred } from './deferred.ts'
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
  /** The first request that was caught. Rejects if the hold is released, or the emulator reset or stopped, before. */
  readonly arrived: Promise<LoggedRequest>
  /** Requests caught so far. */
  readonly held: readonly LoggedRequest[]
  /** Resolves once so many requests were caught. Rejects like `arrived`. */
  arrivals(count: number): Promise<readonly LoggedRequest[]>
  /** Lets everything go on and catches nothing more. */
  release(): void
}

export interface Holds {
  add(endpoint: EndpointName, options?: HoldOptions): Hold
  /** Catches a request with the oldest hold that is meant for it, and keeps it open at the moment of that hold. */
  catch(entry: RequestEntry): Caught
  /** @param event Past event that the promises of requests not caught yet are rejected with. */
  releaseAll(event: string): void
}

/** A request that passes the holds. */
export interface Caught {
  /** Waits if the hold is for this moment. After the request was processed, a hold that was added since is due too. */
  pass(moment: Moment): Promise<void>
}

interface Active {
  readonly endpoint: EndpointName
  readonly options: HoldOptions
  readonly caught: (entry: RequestEntry) => Promise<void>
  left: number
}

export function createHolds(): Holds {
  const active = new Set<Active>()
  const releases = new Set<(event: string) => void>()

  function add(endpoint: EndpointName, options: HoldOptions = {}): Hold {
    const held: LoggedRequest[] = []
    const first = createDeferred<LoggedRequest>()
    const gate = createDeferred<void>()
    let reason: Error | undefined
    const counters = new Map<Deferred<readonly LoggedRequest[]>, number>()
    const caught = (entry: RequestEntry): Promise<void> => {
      held.push(snapshotOf(entry))
      first.resolve(snapshotOf(entry))
      settleCounters()
      return gate.promise
    }
    const hold: Active = { endpoint, options, caught, left: options.times ?? 1 }
    const release = (event: string): void => {
      active.delete(hold)
      releases.delete(release)
      gate.resolve(undefined)
      reason ??= new Error(`${event} before the hold caught such a request`)
      first.reject(reason)
      settleCounters()
    }
    const settleCounters = (): void => {
      for (const [counter, count] of counters) {
        if (held.length >= count) counter.resolve(Object.freeze([...held]))
        else if (reason !== undefined) counter.reject(reason)
      }
    }
    const arrivals = (count: number): Promise<readonly LoggedRequest[]> => {
      const counter = createDeferred<readonly LoggedRequest[]>()
      counters.set(counter, count)
      settleCounters()
      return counter.promise
    }
    active.add(hold)
    releases.add(release)
    return { arrived: first.promise, held, arrivals, release: () => release('the hold was released') }
  }

  function take(entry: RequestEntry, moment: Moment): Active | undefined {
    const due = [...active].find(({ endpoint, left, options }) => {
      const { when = 'before', grant, clientId, path } = options
      const isDue = moment === 'before' || when === moment
      return isDue && left > 0 && matchesRequest(entry, { endpoint, grant, clientId, path })
    })
    if (due !== undefined) due.left -= 1
    return due
  }

  return {
    add,
    catch(entry) {
      let due: Active | undefined
      return {
        async pass(moment) {
          due ??= take(entry, moment)
          const { when = 'before' } = due?.options ?? {}
          if (due !== undefined && when === moment && active.has(due)) await due.caught(entry)
        },
      }
    },
    releaseAll(event) {
      for (const release of releases) release(event)
    },
  }
}
