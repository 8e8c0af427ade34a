import { createContext, runInContext } from 'node:vm'
import { onTestFinished, vi } from 'vitest'
import { readFiles } from './source-files.ts'

const path = 'packages/core/src/ports/refresh-worker.js'

/** The shipped script of the worker, running apart from its tabs: its own `fetch`, timers and time. */
export interface SimulatedWorker {
  /** Ends it without a word. The next connection starts another one. */
  readonly die: () => void
  /** Tells it that its policy forbids a request. */
  readonly violate: () => void
  /** The number of connections that were opened to it. */
  readonly connections: () => number
}

/**
 * Lets `new SharedWorker` of this test start the script that is shipped, one for all tabs.
 *
 * @param fetch sends the requests of the worker
 */
export function simulateSharedWorker(
  fetch: (url: string, init: RequestInit) => Promise<Response>,
): SimulatedWorker {
  const [source = ''] = readFiles([path], /\.js$/).values()
  const ports: MessagePort[] = []
  const locks = simulateWorkerLocks()
  let connections = 0
  let scope: EventTarget | undefined
  const start = () => {
    const self = new EventTarget()
    const timers = { setTimeout: (...given: Parameters<typeof setTimeout>) => setTimeout(...given) }
    const navigator = { locks: { request: locks.hold } }
    const globals = { self, fetch, performance, crypto, navigator, URLSearchParams, ...timers }
    runInContext(source, createContext(globals))
    return self
  }
  vi.stubGlobal('navigator', { locks })
  vi.stubGlobal('SharedWorker', function (this: { port: MessagePort }) {
    const { port1, port2 } = new MessageChannel()
    this.port = port1
    ports.push(port1, port2)
    connections += 1
    scope ??= start()
    scope.dispatchEvent(Object.assign(new Event('connect'), { ports: [port2] }))
  })
  onTestFinished(() => {
    vi.unstubAllGlobals()
    for (const port of ports) port.close()
  })
  return {
    die: () => {
      scope = undefined
      for (const port of ports) port.onmessage = null
      locks.release()
    },
    violate: () => {
      scope?.dispatchEvent(Object.assign(new Event('securitypolicyviolation'), { disposition: 'enforce' }))
    },
    connections: () => connections,
  }
}

type Granted<T> = (lock: object | null) => T

/** Web Locks of which the worker holds one, and which tabs ask for. */
function simulateWorkerLocks() {
  let held = ''
  const waiting = new Set<() => void>()
  return {
    hold: (name: string, granted: () => unknown) => {
      held = name
      granted()
    },
    release: () => {
      held = ''
      for (const grant of waiting) grant()
    },
    query: async () => ({ held: [{ name: held }] }),
    request: async <T>(name: string, { ifAvailable, signal }: LockOptions, granted: Granted<T>) => {
      if (name !== held) return granted({})
      if (ifAvailable) return granted(null)
      return new Promise<T>((resolve, reject) => {
        waiting.add(() => resolve(granted({})))
        signal?.addEventListener('abort', () => reject(signal.reason))
      })
    },
  }
}
