import { apiError, type TelnyxApiError, TelnyxConnectionError, TelnyxTimeoutError } from './errors.ts'
import type { RequestOptions, TelnyxApiOptions } from './options.ts'
import { parse, withoutSecrets } from './parse.ts'
import { type Replay, retryDelayMs } from './retry.ts'
import { assertIs, credential } from './validation.ts'
import { createWithin } from './within.ts'

/** One REST call as its operation describes it. */
export interface Operation<T> {
  /** Relative to the base URL, or to its origin when it begins with a slash. */
  readonly path: string
  readonly init?: OperationInit
  /** Sent without API key and access token. */
  readonly isPublic?: boolean
  /** @default 'always' */
  readonly replay?: Replay
  /** Values of the request that no error may repeat. */
  readonly secrets?: readonly unknown[]
  /** Takes the result out of the parsed body, or the text that it was; falsy if it is not there. */
  readonly read: (body: unknown, text: string) => T | false
}

export interface OperationInit {
  readonly method: 'POST' | 'PUT' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | URLSearchParams
}

export type Send = <T>(operation: Operation<T>, options?: RequestOptions) => Promise<T>

/** A function that sends, reads, and sends again for as long as the retry rules and the caller allow. */
export function createSend(
  baseUrl: string,
  {
    apiKey,
    getAccessToken = apiKey ? () => apiKey : undefined,
    fetch,
    timeoutMs = 60_000,
    maxRetries = 2,
  }: TelnyxApiOptions,
): Send {
  const within = createWithin()

  return async <T>(
    { path, init, isPublic, replay, secrets = [], read }: Operation<T>,
    options?: RequestOptions,
  ) => {
    // Set once a response was lost: the request may have been processed.
    let isMaybeDone = false
    for (let attempt = 0; ; attempt++) {
      let token = ''
      let isSent = false
      const result = await within(timeoutMs, options?.signal, async (signal) => {
        // Not in the try block: an error of the app's own token source stays as it is.
        if (getAccessToken && !isPublic) {
          token = await getAccessToken({ signal })
          assertIs('access token', token, credential)
          signal.throwIfAborted()
        }
        isSent = true
        try {
          // The global one is looked up now: a test may have replaced it after the handle was made.
          const response = await (fetch || globalThis.fetch)(new URL(path, baseUrl), {
            ...init,
            headers: {
              accept: 'application/json',
              ...(token && { authorization: `Bearer ${token}` }),
              ...init?.headers,
            },
            // A redirect, if followed, would carry the credentials to wherever it points.
            redirect: 'manual',
            signal,
          })
          return [response, await response.text()] as const
        } catch (cause) {
          // Any other error comes from a `fetch` of the app's own, which knows better.
          if (!(cause instanceof TypeError)) throw cause
          return new TelnyxConnectionError('No answer: network or CORS', { cause })
        }
      })
      const outcome =
        result ?? new TelnyxTimeoutError(`No ${isSent ? 'answer' : 'access token'} within ${timeoutMs} ms`)
      if (!isSent) throw outcome
      let headers = new Headers()
      let failure: TelnyxConnectionError | TelnyxApiError
      if (outcome instanceof Error) failure = outcome
      else {
        const [response, text] = outcome
        const value = response.ok && read(parse(text), text)
        if (value) return value
        // The thing is gone, as the attempt whose response was lost asked for.
        if (isMaybeDone && response.status === 404 && init?.method === 'DELETE') return undefined as T
        headers = response.headers
        const clean = (words: string) => withoutSecrets(words, [token, ...secrets])
        failure = apiError(response, parse(text, clean), Date.now(), clean)
      }
      isMaybeDone ||= !((failure as TelnyxApiError).status < 500)
      if (replay && isMaybeDone) Object.assign(failure, { isRetryable: false })
      if (!(attempt < maxRetries && failure.isRetryable && replay !== 'never')) throw failure
      await within(
        retryDelayMs(attempt, headers, Date.now(), Math.random()),
        options?.signal,
        () => new Promise(() => {}),
      )
    }
  }
}
