import type { TelnyxAuthErrorCode } from './errors.ts'
import type { SharedWorkerProblem } from './ports/refresh-worker-client.ts'

/** What a token is for, where it is not the session's own. */
interface Purpose {
  readonly resource?: string
  readonly scopes?: readonly string[]
}

/**
 * What happened, for logs and devtools. Events hold no token, code or verifier, so they may be logged as they are.
 *
 * - `sign-in-started`: the page is about to leave for the authorization server
 * - `sign-in-failed`: a sign-in ended without a session, `code` says why
 * - `signed-in`: a session was restored from storage, came from a finished callback or from another tab
 * - `session-replaced`: another sign-in took this session's place; `sessionId` is the new one
 * - `lock-waited`: this tab's turn to refresh came, `waitedMs` after it asked for the lock that all tabs share; it goes
 *   on without it (`isHeld`) where Web Locks are missing, or after it had waited for too long. `outcome`: it may send,
 *   another tab was faster and it adopts that token, or it fails
 * - `refresh-started`, `refresh-failed`: a token request of this tab; `retryAtMs` is an absolute time. With `resource` or
 *   `scopes` it is about a token beside the session's own: a failure then makes nothing stale
 * - `token-renewed`: a newer token is in use, by whose request
 * - `token-added`: this tab got a token beside the session's own
 * - `signed-out`: the session is over, `code` says why unless it was asked for
 * - `storage-degraded`: a storage operation failed or a lesser kind of storage is used
 * - `shared-worker-unavailable`: `sharedWorkerFetch()` goes on without its worker on this page; once per page
 */
export type TelnyxAuthEvent = Readonly<
  { atMs: number } & (
    | { type: 'sign-in-started'; automatic: boolean }
    | { type: 'sign-in-failed'; code: TelnyxAuthErrorCode }
    | { type: 'signed-in'; sessionId: string; by: 'callback' | 'storage' | 'other-tab' }
    | { type: 'session-replaced'; sessionId: string; previousSessionId: string }
    | {
        type: 'lock-waited'
        sessionId: string
        waitedMs: number
        isHeld: boolean
        outcome: 'send' | 'adopt' | 'fail'
      }
    | ({ type: 'refresh-started'; sessionId: string; attempt: number } & Purpose)
    | ({ type: 'refresh-failed'; sessionId: string; code: TelnyxAuthErrorCode; retryAtMs?: number } & Purpose)
    | { type: 'token-renewed'; sessionId: string; by: 'this-tab' | 'other-tab'; expiresAtMs: number }
    | ({ type: 'token-added'; sessionId: string; expiresAtMs: number } & Purpose)
    | { type: 'signed-out'; sessionId?: string; code?: TelnyxAuthErrorCode }
    | {
        type: 'storage-degraded'
        kind: 'indexeddb' | 'session-storage' | 'memory' | 'custom'
        reason: string
      }
    | { type: 'shared-worker-unavailable'; reason: SharedWorkerProblem }
  )
>

type WithoutTime<Event> = Event extends unknown ? Omit<Event, 'atMs'> : never

/** An event before its time is put on it. */
export type EventBody = WithoutTime<TelnyxAuthEvent>
