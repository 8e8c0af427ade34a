/** What a test sees of one request. */
export interface SentRequest {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body: string | undefined
  readonly redirect: string | undefined
  /** When it was sent. */
  readonly atMs: number
}

/** What the scripted wire does with one request. */
export type Reply =
  /** An answer. A `body` that is no string is sent as JSON. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  /** The connection breaks. */
  | 'drop'
  /** Headers arrive, then the connection breaks. */
  | 'drop-body'
  /** Nothing ever comes. */
  | 'hang'
  /** Headers arrive, the body never does. */
  | 'hang-body'

export interface Wire {
  readonly fetch: typeof fetch
  /** Everything that was sent, in order. */
  readonly requests: readonly SentRequest[]
}

const ENOUGH = 100

/** The wire, played from a script: one reply per request, the last one again and again until it is too much. */
export function createWire(...script: readonly [Reply, ...Reply[]]): Wire {
  const requests: SentRequest[] = []
  return {
    requests,
    async fetch(input, init = {}) {
      const body = init.body === undefined || init.body === null ? undefined : String(init.body)
      const [method, headers] = [init.method ?? 'GET', new Headers(init.headers)]
      // As the platform does for a form.
      if (init.body instanceof URLSearchParams && !headers.has('content-type'))
        headers.set('content-type', 'application/x-www-form-urlencoded;charset=UTF-8')
      requests.push({ method, url: String(input), headers, body, redirect: init.redirect, atMs: Date.now() })
      if (requests.length > ENOUGH) throw new Error(`more than ${ENOUGH} requests: does this ever end?`)
      const reply = script[Math.min(requests.length, script.length) - 1] ?? 'hang'
      if (reply === 'drop') throw new TypeError('fetch failed', { cause: new Error('ECONNRESET') })
      if (reply === 'hang') return aborted(init.signal)
      if (reply === 'drop-body' || reply === 'hang-body') return new Response(brokenBody(reply, init.signal))
      return answer(reply)
    },
  }
}

function answer({ status, headers, body }: Exclude<Reply, string>): Response {
  if (body === undefined) return new Response(null, { status, ...(headers && { headers }) })
  return new Response(typeof body === 'string' ? body : JSON.stringify(body), {
    status,
    ...(headers && { headers }),
  })
}

function aborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason))
  })
}

function brokenBody(
  reply: 'drop-body' | 'hang-body',
  signal: AbortSignal | null | undefined,
): ReadableStream {
  return new ReadableStream({
    async pull(controller) {
      controller.enqueue(new TextEncoder().encode('{"data":'))
      await (reply === 'hang-body' ? aborted(signal) : undefined)
      throw new TypeError('terminated')
    },
  })
}
