import { isRetryable, retryAfterMs } from './retry.ts'

/** One error of a response, as Telnyx sends it. What else it has is there too. */
export interface TelnyxErrorItem {
  /** Telnyx code such as `10009`. */
  readonly code?: string
  readonly title?: string
  readonly detail?: string
  readonly source?: {
    /** A JSON pointer such as `/redirect_uris`. */
    readonly pointer?: string
    /** The name of a parameter or field. */
    readonly parameter?: string
  }
  readonly meta?: {
    /** A page about this code. */
    readonly url?: string
    readonly retryable?: boolean
  }
}

/** Telnyx answered, but not with what was asked for. The texts are the server's own. */
export class TelnyxApiError extends Error {
  override readonly name = 'TelnyxApiError'
  /** HTTP status. Browsers show a redirect, which is never followed, as 0. */
  declare readonly status: number
  /** OAuth error code such as `invalid_grant`, or Telnyx code such as `10009`. */
  declare readonly code: string | undefined
  declare readonly title: string | undefined
  declare readonly detail: string | undefined
  /** What is at fault: a JSON pointer such as `/redirect_uris`, or the name of a parameter or field. */
  declare readonly pointer: string | undefined
  /** All errors of the response; the members above are those of the first. A refused registration has one per field. */
  declare readonly errors: readonly TelnyxErrorItem[]
  /** The scopes that the call needs, separated by spaces, if the server names them. RFC 6750 section 3 */
  declare readonly scope: string | undefined
  /** The `x-request-id` of the answer, to quote to Telnyx support. */
  declare readonly requestId: string | undefined
  /** How long to stay away, in milliseconds, if the server says so. */
  declare readonly retryAfterMs: number | undefined
  /**
   * True if the same call may be sent again later: never after a 5xx of a request that creates something or spends
   * a code or token. The retries of this library have been used up by then.
   */
  declare readonly isRetryable: boolean
}

/** No answer: the network failed, or CORS forbids this page to read it. `cause` is what `fetch` threw. */
export class TelnyxConnectionError extends Error {
  override readonly name: string = 'TelnyxConnectionError'
  /** False for a request that creates something or spends a code or token: it may have done so. */
  readonly isRetryable: boolean = true
}

/** No complete answer, or no access token, within `timeoutMs`. */
export class TelnyxTimeoutError extends TelnyxConnectionError {
  override readonly name = 'TelnyxTimeoutError'
}

type Fields = Readonly<Record<string, unknown>>

/** A text or a number as text; `undefined` for anything else. */
const textOf = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' ? `${value}` : undefined

/**
 * Reads an answer that is of no use: OAuth's shape, Telnyx v2's, or neither.
 *
 * @param clean - cuts secrets out of a header; those of `body` are cut out already
 */
export function apiError(
  { status, headers }: Response,
  body: unknown,
  now: number,
  clean: (text: string) => string,
): TelnyxApiError {
  const { error, error_description, invalid_fields, errors: items }: Fields = Object(body)
  const errors: readonly TelnyxErrorItem[] = Array.isArray(items)
    ? items.filter((item) => Object(item) === item)
    : Object.entries(invalid_fields ?? {}).map(([parameter, words]) => ({
        detail: [words].flat().filter(textOf).join(),
        source: { parameter },
      }))
  const [first = {}] = errors
  const { source } = first
  const code = textOf(first.code) ?? textOf(error)
  const title = textOf(first.title)
  const detail = textOf(error_description) ?? textOf(first.detail)
  const pointer = textOf(source?.pointer) ?? textOf(source?.parameter)
  const waitMs = retryAfterMs(headers, now, status)
  const header = (name: string) => clean(headers.get(name) ?? '')
  const challenge = header('www-authenticate')
  const [, scope] = /scope="([^"]+)/.exec(challenge) ?? []
  const message = [
    `Telnyx answered ${status}`,
    status < 400 && 'unexpected body or redirect',
    code,
    title,
    detail?.slice(0, 200),
    pointer && `check ${pointer}`,
    /^dpop/i.test(challenge)
      ? 'use fetch of @telnyx-oauth/core'
      : status === 401 && 'check the key, token or secret',
    scope ? `needs the scope ${scope}` : status === 403 && 'check the scope',
    waitMs && `try again in ${waitMs / 1000} s`,
  ]
  return Object.assign(new TelnyxApiError(message.filter(Boolean).join(' - ')), {
    status,
    code,
    title,
    detail,
    pointer,
    errors,
    scope,
    requestId: header('x-request-id') || undefined,
    retryAfterMs: waitMs,
    isRetryable: isRetryable(status, headers),
  })
}
