/** What {@link TelnyxAuth.diagnose} looks at. */
export type FindingCheck =
  | 'code'
  | 'secure-context'
  | 'redirect-uri'
  | 'redirect-uri-registration'
  | 'metadata'
  | 'endpoints'
  | 'pkce'
  | 'dpop'
  | 'token-endpoint'
  | 'client'
  | 'revocation-endpoint'
  | 'par-endpoint'
  | 'resource'
  | 'challenge'
  | 'retry-after'
  | 'dpop-nonce'
  | 'storage'
  | 'persistence'
  | 'locks'
  | 'channel'
  | 'shared-worker'
  | 'clock'
  | 'rotation'
  | 'session'

/** One thing that {@link TelnyxAuth.diagnose} found out. Holds no token, so it may be logged and shown as it is. */
export interface Finding {
  readonly check: FindingCheck
  /**
   * - `ok`: as it should be
   * - `warning`: works, but something is lost
   * - `problem`: signing in, staying signed in or calling the API will fail
   * - `unknown`: cannot be determined here, and the sentence says why
   */
  readonly result: 'ok' | 'warning' | 'problem' | 'unknown'
  /** What was found, in plain words. */
  readonly sentence: string
  /** What to do about it, where there is something to do. */
  readonly remedy?: string
}

/** What {@link TelnyxAuth.diagnose} takes. */
export interface DiagnoseOptions {
  /**
   * URLs of the API that need a token, to see whether this page may read their answers. They are asked with a
   * made-up token. @default the option `allowedUrls`
   */
  readonly urls?: readonly string[]
}
