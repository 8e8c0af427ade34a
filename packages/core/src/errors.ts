import type { ErrorCode } from './error-table.ts'
import { errorTable } from './error-table.ts'

/** What a {@link TelnyxAuthError} can say: the closed list, explained in `docs/errors.md`. */
export type TelnyxAuthErrorCode = ErrorCode

/** The part of a session's life in which an error arose. */
export type TelnyxAuthErrorPhase =
  | 'discovery'
  | 'sign-in'
  | 'callback'
  | 'refresh'
  | 'session'
  | 'fetch'
  | 'storage'
  | 'sign-out'
  | 'registration'

/** What the authorization or resource server itself said. Foreign text: show it as text, never as HTML. */
export interface ServerAnswer {
  /** HTTP status, where there was an HTTP answer. */
  readonly status?: number
  /** OAuth `error` code, e.g. `access_denied` (RFC 6749 sections 4.1.2.1 and 5.2). */
  readonly error?: string
  /** OAuth `error_description`, at most 200 characters. */
  readonly description?: string
}

/** What a session lacks for a call: `signIn({ stepUp: error })` asks for it. */
export interface MissingAuthorization {
  /** Scopes that the resource names. */
  readonly scopes?: readonly string[]
  /** Authentication context classes, one of which will do (RFC 9470 section 3). */
  readonly acrValues?: readonly string[]
  /** How long ago the sign-in may be, in seconds. */
  readonly maxAgeSeconds?: number
  /** The resource that the token is for, or would have to be, where it is not the session's own. */
  readonly resource?: string
}

/** Data an error may carry beside its code. */
export interface ErrorDetails {
  readonly cause?: unknown
  readonly server?: ServerAnswer | undefined
  readonly retryAfterMs?: number | undefined
  readonly missing?: MissingAuthorization | undefined
  /** Replaces the phase of the table, for codes that arise in several. */
  readonly phase?: TelnyxAuthErrorPhase | undefined
  /** The name or value at fault. Never a secret. */
  readonly subject?: string | undefined
}

/**
 * Everything that can go wrong while a user signs in or stays signed in. Branch on `code`; the entry `./messages` has
 * a text for users and a hint for developers. `message` is the code and its subject. No field ever holds a token, an
 * authorization code or a code verifier.
 */
export class TelnyxAuthError extends Error {
  override readonly name = 'TelnyxAuthError'
  /** One of a closed list, see `docs/errors.md`. */
  readonly code: TelnyxAuthErrorCode
  /** Where in a session's life it happened. */
  readonly phase: TelnyxAuthErrorPhase
  /** Whether the same call may succeed later without anyone changing anything. */
  readonly retryable: boolean
  /** The name or value at fault, e.g. the metadata member that is missing. */
  readonly subject: string | undefined
  /** The server's own words, where it answered. */
  readonly server: ServerAnswer | undefined
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined
  /** What the session lacks, where that is what is wrong. */
  readonly missing: MissingAuthorization | undefined

  constructor(code: TelnyxAuthErrorCode, details: ErrorDetails = {}) {
    const [phase, retryable] = errorTable[code]
    const { subject } = details
    super(subject ? `${code}: ${subject}` : code, 'cause' in details ? { cause: details.cause } : undefined)
    this.code = code
    this.phase = details.phase ?? phase
    this.retryable = !!retryable
    this.subject = subject
    this.server = details.server
    this.retryAfterMs = details.retryAfterMs
    this.missing = details.missing
  }
}

/**
 * Tells a {@link TelnyxAuthError} from anything else, also one made in another realm or by another copy of
 * this library.
 */
export function isTelnyxAuthError(value: unknown): value is TelnyxAuthError {
  return (value as { readonly name?: unknown } | undefined | null)?.name === 'TelnyxAuthError'
}
