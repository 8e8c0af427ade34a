/** What the worker is asked: a refresh request, form-encoded. */
export interface WorkerRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What it says: that it is here, or the server's answer, or that there was none. */
interface Reply {
  readonly id: number
  readonly isHere?: true
  readonly answer?: { readonly status: number; readonly body: string }
}

/** The worker that sends refresh requests for all tabs, as one of them sees it. */
export interface RefreshWorker {
  /** Whether it answers. Where it does not, nothing was sent. */
  readonly isThere: () => Promise<boolean>
  /** @throws {TypeError} as `fetch` does: the server could not be reached, or the worker died */
  readonly send: (request: WorkerRequest) => Promise<Response>
}

const patienceMs = 1000

/** Nobody tells a page that a worker died, so it asks while it waits. */
const lookEveryMs = 5000

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string }
}

/** Makes something when it is first needed, and then no more. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** A page may create a policy of one name once, so its clients share it. Nobody else gets hold of it. */
const policy = once(() =>
  (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy('telnyx-oauth', {
    createScriptURL: (url) => url,
  }),
)

/** Null bodies are required for these (Fetch standard). */
const hasNoBody = (status: number): boolean => [204, 205, 304].includes(status)

const unreachable = () => new TypeError('The worker could not reach the server')

function responseOf({ answer }: Partial<Reply> = {}): Response {
  if (!answer) throw unreachable()
  // Status 0 is a redirect that was not followed; no `Response` can be made with it.
  if (answer.status < 200) return Response.error()
  return new Response(hasNoBody(answer.status) ? null : answer.body, answer)
}

/** Starts the worker, or connects to it if another tab has. @throws when a policy forbids it */
function start(url: string): SharedWorker {
  const script = policy()?.createScriptURL(url) ?? url
  // Where it is known, this keeps the worker for some seconds without any tab: a single one may be reloaded.
  return new SharedWorker(script, { name: 'telnyx-oauth-1', extendedLifetime: true } as WorkerOptions)
}

/** Resolves with what `asked` does, or with nothing after `timeoutMs`. */
function within<T>(asked: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeoutMs, undefined)
    asked.then((answer) => {
      clearTimeout(timer)
      resolve(answer)
    })
  })
}

/** Asks over the worker's port, request by request. */
function connect(worker: SharedWorker, onUnusable: () => void): RefreshWorker {
  const { port } = worker
  const waiting = new Map<number, (reply: Reply) => void>()
  let last = 0
  // The script is missing or forbidden.
  worker.onerror = () => {
    onUnusable()
    for (const [id, hear] of waiting) hear({ id })
  }
  port.onmessage = ({ data }: MessageEvent<Reply>) => {
    waiting.get(data.id)?.(data)
    waiting.delete(data.id)
  }
  const ask = (request?: WorkerRequest) =>
    new Promise<Reply>((resolve) => {
      last += 1
      waiting.set(last, resolve)
      port.postMessage({ id: last, ...request })
    })
  const isThere = async () => (await within(ask(), patienceMs))?.isHere === true
  return {
    isThere,
    send: async (request) => {
      const asked = ask(request)
      for (;;) {
        const reply = await within(asked, lookEveryMs)
        if (reply || !(await isThere())) return responseOf(reply)
      }
    },
  }
}

/** Connects to the worker of this origin, where there is such a thing, and starts it if no tab has. */
export function connectRefreshWorker(url: string): RefreshWorker {
  let isUsable = typeof SharedWorker !== 'undefined'
  const giveUp = () => {
    isUsable = false
  }
  const open = (): RefreshWorker | undefined => {
    if (!isUsable) return undefined
    try {
      return connect(start(url), giveUp)
    } catch {
      // `worker-src` or `trusted-types` forbids it.
      giveUp()
      return undefined
    }
  }
  let current = open()
  return {
    isThere: async () => {
      current ??= open()
      const isThere = (await current?.isThere()) ?? false
      // It may have died: the next request looks for another one.
      if (!isThere) current = undefined
      return isThere
    },
    send: (request) => current?.send(request) ?? Promise.reject(unreachable()),
  }
}
