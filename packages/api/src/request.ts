import { apiError, TelnyxConnectionError, TelnyxTimeoutError } from './errors.ts'
import type { RequestOptions, TelnyxApiOptions } from './options.ts'
import { type ReplayRule, retryDelayMs } from './retry.ts'
import { assertIs, type Rule } from './validation.ts'

/** One REST call as its operation describes it. */
export interface Operation<T> {
  /** Relative to the base URL, or to its origin when it begins with a slash. */
  readonly path: string
  readonly init?: OperationInit
  /** Sent without API key and access token. */
  readonly isPublic?: boolean
  /** @default always */
  readonly mayReplay?: ReplayRule
  /** Takes the result out of the parsed body; falsy if it is not there. */
  readonly read: (body: unknown) => T | false
}

export interface OperationInit {
  readonly method: 'POST' | 'PUT' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | URLSearchParams
}

export type Send = <T>(operation: Operation<T>, options?: RequestOptions) => Promise<T>

/** Anything thrown, seen as one of our errors. */
interface Failure {
  readonly status?: number
  readonly isRetryable?: boolean
}

/** Of any other text `fetch` would throw an error that quotes it. */
const headerText: Rule = [(value) => /^[!-~]*$/.test(`${value}`), 'visible ASCII']

/** A function that sends, reads, and sends again for as long as the retry rules and the caller allow. */
export function createSend(
  baseUrl: string,
  {
    apiKey = '',
    getAccessToken = () => apiKey,
    fetch = globalThis.fetch,
    timeoutMs = 60_000,
    maxRetries = 2,
  }: TelnyxApiOptions,
): Send {
  return async ({ path, init, isPublic, mayReplay = () => true, read }, options) => {
    const signal = options?.signal
    for (let attempt = 0; ; attempt++) {
      signal?.throwIfAborted()
      // Not in the try block: what the app's own token source throws is the app's, and is never retried here.
      const token = isPublic ? '' : await getAccessToken(options as { readonly signal: AbortSignal })
      assertIs('API key or access token', token, headerText)
      let headers = new Headers()
      let failure: Failure
      try {
        const [response, body] = await within(timeoutMs, signal, async (attemptSignal) => {
          const response = await fetch(new URL(path, baseUrl), {
            ...init,
            headers: {
              accept: 'application/json',
              ...(token && { authorization: `Bearer ${token}` }),
              ...init?.headers,
            },
            // A redirect, if followed, would carry the credentials to wherever it points.
            redirect: 'manual',
            signal: attemptSignal,
          })
          return [response, parse(await response.text())] as const
        })
        const result = response.ok && read(body)
        if (result) return result
        headers = response.headers
        failure = apiError(response, body, Date.now())
      } catch (error) {
        failure = error as Failure
      }
      if (!(attempt < maxRetries && failure.isRetryable && mayReplay(failure.status))) throw failure
      const delayMs = retryDelayMs(attempt, headers, Date.now(), Math.random())
      await within(
        delayMs,
        signal,
        (delaySignal) => new Promise((resolve) => (delaySignal.onabort = resolve)),
      )
    }
  }
}

/** Runs `work` with a signal that the clock and the caller can abort, and says in its error which of them did. */
async function within<T>(
  ms: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const abort = () => controller.abort()
  // A longer timer fires at once.
  const timer = setTimeout(abort, Math.min(ms, 2 ** 31 - 1))
  // The controller is passed for its signal: the listener goes when that aborts, at the latest below.
  outer?.addEventListener('abort', abort, controller)
  try {
    outer?.throwIfAborted()
    return await work(controller.signal)
  } catch (cause) {
    outer?.throwIfAborted()
    throw controller.signal.aborted
      ? new TelnyxTimeoutError(`No answer within ${ms} ms`)
      : new TelnyxConnectionError('No answer: network or CORS failure', { cause })
  } finally {
    clearTimeout(timer)
    abort()
  }
}

/** `undefined` for what is not JSON. The parser's own error would quote the body, which may hold a token. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
