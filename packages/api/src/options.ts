/** Gives a valid access token; `getAccessToken` of `@telnyx-oauth/core` is one. Called before every attempt. */
export type AccessTokenSource = (options?: { readonly signal?: AbortSignal }) => string | PromiseLike<string>

/** Either credential is sent as a bearer token; public operations need neither. */
export type TelnyxApiOptions = TransportOptions &
  (
    | { readonly apiKey?: string | undefined; readonly getAccessToken?: undefined }
    | { readonly apiKey?: undefined; readonly getAccessToken: AccessTokenSource }
  )

interface TransportOptions {
  /**
   * The URL of the v2 API. The well-known documents are asked for at the root of its origin; a path before `/v2`
   * stands behind their names (RFC 8414 section 3.1).
   * @default 'https://api.telnyx.com/v2'
   */
  readonly baseUrl?: string | undefined
  /** @default globalThis.fetch */
  readonly fetch?: typeof globalThis.fetch | undefined
  /**
   * The limit of one attempt, from the request for the access token to the last byte of the response, in milliseconds. Infinity is about 23 days.
   * @default 60000
   */
  readonly timeoutMs?: number | undefined
  /**
   * How many more attempts a request gets after a failure that may pass.
   * @default 2
   */
  readonly maxRetries?: number | undefined
}

/** How one call may differ from the next. */
export interface RequestOptions {
  /** Gives up, also between attempts: the call rejects with the signal's reason, by default an `AbortError`. */
  readonly signal?: AbortSignal | undefined
}
