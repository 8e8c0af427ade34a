/** A refresh request, form-encoded. */
export interface WorkerRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A message of the worker: its greeting, or the response to a request; without one the server was not reached. */
interface Message {
  /** The Web Lock that the worker holds for as long as it runs. */
  readonly lockName?: string
  readonly id?: number
  /** The policy of the worker's script forbids the request: it was not sent. */
  readonly isForbidden?: boolean
  readonly response?: { readonly status: number; readonly body: string }
}

/**
 * The reason for which refresh requests do not go through the SharedWorker.
 *
 * - `unsupported`: the browser has no SharedWorker or no Web Locks
 * - `no-script-url`: the bundle has no `import.meta.url`, and the option `url` is not set
 * - `forbidden`: a policy of the page, or an origin other than the page's
 * - `not-loaded`: the script is missing, is no JavaScript, or is forbidden by a policy
 * - `no-response`: the script said nothing within 5 seconds
 * - `unreachable`: a policy keeps the worker from the server, or it failed twice where the tab reached the server
 */
export type SharedWorkerProblem =
  | 'unsupported'
  | 'no-script-url'
  | 'forbidden'
  | 'not-loaded'
  | 'no-response'
  | 'unreachable'

/** A worker that has said hello. */
interface Connection {
  readonly isAlive: () => Promise<boolean>
  /**
   * Resolves with the response, or with nothing if a policy of the worker forbids the request.
   * @throws {TypeError} as `fetch` does: the server could not be reached, or the worker died
   */
  readonly send: (request: WorkerRequest) => Promise<Response | undefined>
}

/** The parts of a `fetch` by which its client learns whether the worker works. */
export interface WorkerReport {
  /** Calls `emit` once if the worker is given up, now or later. */
  readonly report: (
    emit: (event: { type: 'shared-worker-unavailable'; reason: SharedWorkerProblem }) => void,
  ) => void
  /** Resolves when it is decided whether the worker is used: with the reason if it is not. */
  readonly problem: () => Promise<SharedWorkerProblem | undefined>
}

/** The worker that sends refresh requests for all tabs, seen from one page. */
export interface RefreshWorker extends WorkerReport {
  /** The worker, if it runs. Waits only while it starts. */
  readonly connection: () => Promise<Connection | undefined>
  /** Does without the worker on this page, for good. */
  readonly giveUp: (problem: SharedWorkerProblem) => void
}

/** In Chromium a script that cannot be run raises no error in a page that comes right after the one that tried first. */
const maxStartMs = 5000

/** Longest wait of a refresh for a worker that is only starting: nothing is lost if this one goes without it. */
const maxWaitMs = 250

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string }
}

/** Makes a value when it is first needed, and keeps it. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** A page may create a policy of one name once, so its clients share it. It is not exported: it trusts any URL. */
const policy = once(() =>
  (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy('telnyx-oauth', {
    createScriptURL: (url) => url,
  }),
)

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(() => resolve(), ms))

/** Null bodies are required for these (Fetch standard). */
const hasNoBody = (status: number): boolean => [204, 205, 304].includes(status)

const unreachable = () => new TypeError('The worker could not reach the server')

function responseOf({ response, isForbidden }: Message): Response | undefined {
  if (isForbidden) return undefined
  if (!response) throw unreachable()
  // Status 0 is a redirect that was not followed; no `Response` can be made with it.
  if (response.status < 200) return Response.error()
  return new Response(hasNoBody(response.status) ? null : response.body, response)
}

/** Starts the worker, or connects to it if another tab has. @throws when a policy forbids it */
function start(url: string): SharedWorker {
  const script = policy()?.createScriptURL(url) ?? url
  // `extendedLifetime` keeps the worker for some seconds without any tab: a single one may be reloaded.
  return new SharedWorker(script, { name: 'telnyx-oauth-2', extendedLifetime: true } as WorkerOptions)
}

/** Talks over the port of a worker that holds `lockName` while it runs. */
function connectionTo(port: MessagePort, lockName: string): Connection {
  const { locks } = navigator
  const waiting = new Map<number, (message: Message) => void>()
  let lastId = 0
  port.onmessage = ({ data }: MessageEvent<Message>) => {
    waiting.get(Number(data.id))?.(data)
    waiting.delete(Number(data.id))
  }
  return {
    isAlive: () => locks.request(lockName, { mode: 'shared', ifAvailable: true }, (lock) => !lock),
    send: async (request) => {
      lastId += 1
      const id = lastId
      const response = new Promise<Message>((resolve) => waiting.set(id, resolve))
      const stop = new AbortController()
      // Granted when the worker is gone, which no event tells.
      const death = locks.request(lockName, { mode: 'shared', signal: stop.signal }, (): Message => ({}))
      port.postMessage({ id, ...request })
      try {
        return responseOf(await Promise.race([response, death]))
      } finally {
        stop.abort()
      }
    },
  }
}

/** A worker that runs may have the response to the request of an earlier page. */
async function isRunning(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query()
  return held.some(({ name }) => name?.startsWith('telnyx-oauth-2 refresh-worker '))
}

/** Opens a connection. @returns it when the worker has said hello, or the reason for which there is none */
function connect(findScript: () => string): Promise<Connection | SharedWorkerProblem> {
  let url: string
  try {
    url = findScript()
  } catch {
    return Promise.resolve('no-script-url')
  }
  return new Promise((resolve) => {
    try {
      const worker = start(url)
      worker.onerror = () => resolve('not-loaded')
      worker.port.onmessage = ({ data }: MessageEvent<Message>) =>
        resolve(connectionTo(worker.port, String(data.lockName)))
    } catch {
      resolve('forbidden')
    }
    setTimeout(resolve, maxStartMs, 'no-response')
  })
}

/** Connects to the worker of this origin, and starts it if no tab has. */
export function connectRefreshWorker(findScript: () => string): RefreshWorker {
  let problem: SharedWorkerProblem | undefined
  let connection: Connection | undefined
  let tell: (problem: SharedWorkerProblem) => void
  const givenUp = new Promise<SharedWorkerProblem>((resolve) => {
    tell = resolve
  })
  const giveUp = (reason: SharedWorkerProblem) => {
    problem ??= reason
    connection = undefined
    tell(problem)
  }
  /** Resolves when it is decided, or when a refresh has waited long enough for that. */
  let startUp: Promise<unknown> | undefined
  const decide = (): Promise<void> => {
    if (typeof SharedWorker === 'undefined' || !navigator.locks) return Promise.resolve(giveUp('unsupported'))
    const decision = connect(findScript).then((outcome) => {
      if (typeof outcome === 'string') giveUp(outcome)
      else if (!problem) connection = outcome
    })
    const waited = delay(maxWaitMs).then(async () => ((await isRunning()) ? decision : undefined))
    startUp = Promise.race([decision, waited])
    return decision
  }
  const decision = decide()
  return {
    connection: async () => {
      await startUp
      if (!connection || (await connection.isAlive())) return connection
      // It died. This refresh goes without it, the next one with its successor.
      connection = undefined
      void decide()
      return undefined
    },
    report: (emit) => void givenUp.then((reason) => emit({ type: 'shared-worker-unavailable', reason })),
    problem: () => decision.then(() => problem),
    giveUp,
  }
}
