import type { EndpointName } from './endpoints.ts'
import { matchesRequest, type RequestEntry } from './request-log.ts'

/** Before the server processes a request, or after it did and before it answers. */
export type Moment = 'before' | 'after'

/** What goes wrong with the next requests to an endpoint. */
export interface Fault {
  /** `before`: nothing was processed. `after`: it was, and only the answer is lost or replaced. @default 'before' */
  readonly when?: Moment
  /** Status of the answer. Without it, `body` and `drop`, the request is only delayed. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Body: text as it is (HTML, truncated JSON), anything else as JSON. @default '' */
  readonly body?: unknown
  /** Waits before it goes on, in milliseconds. @default 0 */
  readonly delayMs?: number
  /** Cuts the connection, at once or in the middle of the body. @default false */
  readonly drop?: boolean | 'mid-body'
  /** Whether the answer carries CORS headers; gateways in front of a server often send none. @default true */
  readonly cors?: boolean
  /** How many requests it happens to. @default 1 */
  readonly times?: number
  /** Only token requests of this `grant_type`. */
  readonly grant?: string
  readonly clientId?: string
}

/** A queued fault. */
export interface QueuedFault {
  /** Requests it will still happen to. */
  readonly remaining: number
  remove(): void
}

export interface Faults {
  add(endpoint: EndpointName, fault: Fault): QueuedFault
  /** Takes the fault that is due for this request, if any. */
  take(entry: RequestEntry, moment: Moment): Fault | undefined
  clear(): void
}

export function createFaults(): Faults {
  let queue: { endpoint: EndpointName; fault: Fault; left: number }[] = []

  return {
    add(endpoint, fault) {
      const queued = { endpoint, fault, left: fault.times ?? 1 }
      queue.push(queued)
      return {
        get remaining() {
          return queued.left
        },
        remove() {
          queued.left = 0
        },
      }
    },
    take(entry, moment) {
      queue = queue.filter(({ left }) => left > 0)
      const due = queue.find(
        ({ endpoint, fault: { when = 'before', grant, clientId } }) =>
          when === moment && matchesRequest(entry, { endpoint, grant, clientId }),
      )
      if (due === undefined) return undefined
      due.left -= 1
      return due.fault
    },
    clear() {
      queue = []
    },
  }
}
