/** What the worker is asked: a refresh request, form-encoded. */
export interface WorkerRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

type Send = (request: WorkerRequest) => Promise<Response>

const readyTimeoutMs = 1000

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: () => string },
  ): { createScriptURL(url: string): string }
}

/** `url` as a sink wants it where Trusted Types are required: through a policy that knows this one URL. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes }
  return trustedTypes?.createPolicy('telnyx-oauth', { createScriptURL: () => url }).createScriptURL('') ?? url
}

/** Null bodies are required for these (Fetch standard). */
const hasNoBody = (status: number): boolean => [101, 204, 205, 304].includes(status)

interface Caller {
  readonly request: WorkerRequest
  readonly resolve: (response: Response) => void
  readonly reject: (error: unknown) => void
}

/** Asks over `port`, request by request. */
function sender(port: MessagePort): Send {
  const waiting = new Map<number, Caller>()
  let last = 0
  port.onmessage = ({ data: { id, answer } }) => {
    const caller = waiting.get(id)
    waiting.delete(id)
    if (caller && answer) port.postMessage({ arrived: caller.request })
    if (!answer) caller?.reject(new TypeError('The worker could not reach the server'))
    // Status 0 is a redirect that was not followed; no `Response` can be made with it.
    else if (answer.status < 200) caller?.resolve(Response.error())
    else caller?.resolve(new Response(hasNoBody(answer.status) ? null : answer.body, answer))
  }
  return (request) =>
    new Promise((resolve, reject) => {
      last += 1
      waiting.set(last, { request, resolve, reject })
      port.postMessage({ id: last, ...request })
    })
}

/**
 * Connects to the worker of this origin, and starts it if no tab has.
 *
 * @returns how to send through it, or `undefined` where there is no such worker: nothing was sent then
 */
export async function connectRefreshWorker(url: string): Promise<Send | undefined> {
  if (typeof SharedWorker === 'undefined') return undefined
  try {
    const worker = new SharedWorker(trusted(url), { name: 'telnyx-oauth-1' })
    const { port } = worker
    const isReady = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(resolve, readyTimeoutMs, false)
      const end = (ready: boolean) => {
        clearTimeout(timer)
        resolve(ready)
      }
      worker.onerror = () => end(false)
      port.onmessage = () => end(true)
    })
    return isReady ? sender(port) : undefined
  } catch {
    // A policy forbids it: `worker-src` or `trusted-types`.
    return undefined
  }
}
