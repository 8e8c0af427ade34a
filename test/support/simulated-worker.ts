import { createContext, runInContext } from 'node:vm'
import { onTestFinished, vi } from 'vitest'
import { readFiles } from './source-files.ts'

const path = 'packages/core/src/ports/refresh-worker.js'

/** The shipped script of the worker, running apart from its tabs: its own `fetch`, timers and time. */
export interface SimulatedWorker {
  /** Ends it without a word. */
  readonly die: () => void
  /** How many connections it has got. */
  readonly connections: () => number
}

/**
 * Lets `new SharedWorker` of this test start the script that is shipped, one for all tabs.
 *
 * @param fetch what the worker sends its requests with
 */
export function simulateSharedWorker(
  fetch: (url: string, init: RequestInit) => Promise<Response>,
): SimulatedWorker {
  const scope = new EventTarget()
  const timers = { setTimeout: (...given: Parameters<typeof setTimeout>) => setTimeout(...given) }
  const globals = { self: scope, fetch, performance, URLSearchParams, ...timers }
  runInContext(readFiles([path], /\.js$/).get(path) ?? '', createContext(globals))
  const ports: MessagePort[] = []
  let connections = 0
  let isAlive = true
  vi.stubGlobal('SharedWorker', function (this: { port: MessagePort }) {
    const { port1, port2 } = new MessageChannel()
    this.port = port1
    ports.push(port1, port2)
    connections += 1
    if (isAlive) scope.dispatchEvent(Object.assign(new Event('connect'), { ports: [port2] }))
  })
  onTestFinished(() => {
    vi.unstubAllGlobals()
    for (const port of ports) port.close()
  })
  return {
    die: () => {
      isAlive = false
      for (const port of ports) port.onmessage = null
    },
    connections: () => connections,
  }
}
