import type { EndpointName } from '../endpoints.ts'
import {
  type LoggedRequest,
  matchesRequest,
  type RequestEntry,
  snapshotOf,
} from '../request-log/request-log.ts'
import { createDeferred, type Deferred } from './deferred.ts'

/** Before the server processes a request, or after it did and before it answers. */
export type Moment = 'before' | 'after'

/** What goes wrong with the next requests to an endpoint. */
export interface Fault {
  /**
   * `before`: nothing was processed. `after`: it was, and only the response is late, lost, changed or replaced.
   * @default 'before'; 'after' with `members`, `omit`, `idTokenClaims`, or `drop: 'mid-body'` without `body`
   */
  readonly when?: Moment
  /** Status of the answer. Without it, `body` and `drop`, the request is only delayed. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Body: text as it is (HTML, truncated JSON), anything else as JSON. @default '' */
  readonly body?: unknown
  /** Members to set in the server's own JSON response, after it processed the request: `null` and `''` too. */
  readonly members?: Readonly<Record<string, unknown>>
  /** Members to leave out of the server's own JSON response. @default [] */
  readonly omit?: readonly string[]
  /** Claims to set in the ID token of the server's own response, which is signed again: another `sub`, for example. A response without an ID token stays as it is. */
  readonly idTokenClaims?: Readonly<Record<string, unknown>>
  /** Waits before it goes on, in milliseconds by the clock of `setTimeout`; minutes are fine. @default 0 */
  readonly delayMs?: number
  /** Cuts the connection, at once or in the middle of the body: of `body`, else of the server's own response. @default false */
  readonly drop?: boolean | 'mid-body'
  /** Whether the answer carries CORS headers; gateways in front of a server often send none. @default true */
  readonly cors?: boolean
  /** How many requests it happens to. @default 1 */
  readonly times?: number
  /** Only token requests of this `grant_type`. */
  readonly grant?: string
  /** Only requests of this client. It may be added later. */
  readonly clientId?: string
  /** Only requests to this path: one of several metadata documents, for example. */
  readonly path?: string
}

/** A queued fault. */
export interface QueuedFault {
  /** Requests it will still happen to. */
  readonly remaining: number
  /** The first request it happens to, when it begins to happen. Rejects if it is removed, or the emulator reset, before. */
  readonly arrived: Promise<LoggedRequest>
  remove(): void
}

export interface Faults {
  add(endpoint: EndpointName, fault: Fault): QueuedFault
  /** Takes the oldest fault that is meant for this request, whatever its moment. */
  take(entry: RequestEntry): DueFault | undefined
  /** Waits for the delay of a fault. */
  delay(fault: Fault): Promise<void>
  /** Lets every delayed request go on now. */
  endDelays(): void
  /** Forgets the queue, and ends the delays. */
  clear(): void
}

/** A fault that a request meets. */
export interface DueFault {
  readonly when: Moment
  /** Begins: the promise `arrived` of the fault resolves. */
  begin(): Fault
}

interface Queued {
  readonly endpoint: EndpointName
  readonly fault: Fault
  readonly when: Moment
  readonly arrived: Deferred<LoggedRequest>
  left: number
}

/** Whether a fault changes the JSON of the response that the server made. */
export function changesJson({ members, omit, idTokenClaims }: Fault): boolean {
  return [members, omit, idTokenClaims].some((change) => change !== undefined)
}

/** Whether a fault needs the response that the server made: to change it, or to cut it. */
export function changesResponse(fault: Fault): boolean {
  const { status, body, drop, headers, cors } = fault
  if (changesJson(fault)) return true
  if (body !== undefined) return false
  return drop === 'mid-body' || (status === undefined && !drop && (headers !== undefined || cors === false))
}

/** @throws {TypeError} when a fault is to change a response that it replaces or comes before */
function momentOf(fault: Fault): Moment {
  if (!changesResponse(fault)) return fault.when ?? 'before'
  if (fault.when === 'before')
    throw new TypeError('fail: the fault changes the response of the server, so "when" must be "after"')
  if (fault.body !== undefined)
    throw new TypeError(
      'fail: "members", "omit" and "idTokenClaims" change the response, "body" replaces it: give one of them',
    )
  return 'after'
}

export function createFaults(): Faults {
  let queue: Queued[] = []
  const delays = new Set<() => void>()

  function endDelays(): void {
    for (const end of delays) end()
  }

  return {
    add(endpoint, fault) {
      const arrived = createDeferred<LoggedRequest>()
      const when = momentOf(fault)
      const queued: Queued = { endpoint, fault, when, arrived, left: fault.times ?? 1 }
      queue.push(queued)
      return {
        get remaining() {
          return queued.left
        },
        arrived: arrived.promise,
        remove() {
          queued.left = 0
          arrived.reject(new Error('the fault was removed before such a request came'))
        },
      }
    },
    take(entry) {
      queue = queue.filter(({ left }) => left > 0)
      const due = queue.find(({ endpoint, fault: { grant, clientId, path } }) =>
        matchesRequest(entry, { endpoint, grant, clientId, path }),
      )
      if (due === undefined) return undefined
      due.left -= 1
      const { when, fault, arrived } = due
      return {
        when,
        begin() {
          arrived.resolve(snapshotOf(entry))
          return fault
        },
      }
    },
    delay({ delayMs = 0 }) {
      if (delayMs <= 0) return Promise.resolve()
      return new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer)
          delays.delete(end)
          resolve()
        }
        // The global timer, so that a test with a fake clock decides when minutes are over.
        const timer = setTimeout(end, delayMs)
        delays.add(end)
      })
    },
    endDelays,
    clear() {
      for (const queued of queue) {
        queued.left = 0
        queued.arrived.reject(new Error('the emulator was reset before such a request came'))
      }
      queue = []
      endDelays()
    },
  }
}
