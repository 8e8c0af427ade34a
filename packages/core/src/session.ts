import type { TelnyxAuthError } from './errors.ts'

/** An access token and what is known of it. */
export interface Token {
  /** Opaque: send it, do not parse it. */
  readonly accessToken: string
  /** When it stops being valid, in milliseconds since 1970. */
  readonly expiresAtMs: number
  /** What it may be used for, as the server granted it. */
  readonly scopes: readonly string[]
  /** Claims of a validated ID token, where the server sent one. */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** Nothing is known yet: before `ready()`, and always on a server. */
export interface PendingSnapshot {
  readonly status: 'pending'
  readonly error?: undefined
}

/** Nobody is signed in; `error` says why, unless that is simply so. */
export interface SignedOutSnapshot {
  readonly status: 'signed-out'
  readonly error?: TelnyxAuthError
}

/** Somebody is signed in. A refresh never changes `status`. */
export interface SignedInSnapshot {
  readonly status: 'signed-in'
  /** Random per sign-in, the same across refreshes and tabs. */
  readonly sessionId: string
  readonly token: Token
  /** Whether this tab is waiting for a newer token. */
  readonly isRefreshing: boolean
  /** Whether the last refresh failed; `error` says how. It is tried again by itself. */
  readonly isStale: boolean
  readonly error?: TelnyxAuthError
}

/** The state of the session: frozen, and replaced as a whole when anything changes. */
export type AuthSnapshot = PendingSnapshot | SignedOutSnapshot | SignedInSnapshot

/** Holds the snapshot and tells listeners of each new one. */
export interface SnapshotStore {
  readonly getSnapshot: () => AuthSnapshot
  readonly subscribe: (listener: () => void) => () => void
  readonly publish: (next: AuthSnapshot) => void
}

/** The snapshot of a server, and of a client that has not started. */
export const pending: PendingSnapshot = Object.freeze({ status: 'pending' })

/** Creates the store; it starts as `pending`. */
export function createSnapshotStore(): SnapshotStore {
  const listeners = new Set<() => void>()
  let snapshot: AuthSnapshot = pending
  return {
    getSnapshot: () => snapshot,
    subscribe: (listener) => {
      // Wrapped, so that one function subscribed twice is two subscriptions.
      const entry = () => listener()
      listeners.add(entry)
      return () => void listeners.delete(entry)
    },
    publish: (next) => {
      snapshot = Object.freeze(next)
      for (const listener of [...listeners]) listener()
    },
  }
}
