import type { TelnyxAuthError } from './errors.ts'

/** An access token and what is known of it. */
export interface Token {
  /** Opaque: send it, do not parse it. */
  readonly accessToken: string
  /** When it stops being valid, in milliseconds since 1970. */
  readonly expiresAtMs: number
  /** What it may be used for, as the server granted it. */
  readonly scopes: readonly string[]
  /** Set where the token is bound to a key (RFC 9449): only `fetch` of the client can use it. Else it is a bearer token. */
  readonly tokenType?: 'DPoP'
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
  /** True while this tab waits for a newer token. */
  readonly isRefreshing: boolean
  /**
   * Whether the token has expired or the last refresh failed; then `error` has the reason. The refresh is tried again
   * by itself.
   */
  readonly isStale: boolean
  /**
   * The earliest known end of the session, in milliseconds since 1970: idle limit, maximum lifetime, or the end of the
   * refresh token where the server says it.
   */
  readonly endsAtMs?: number
  /** `appState` of the `signIn` that led to this session: in the tab that it ended in, until that is reloaded. */
  readonly appState?: unknown
  readonly error?: TelnyxAuthError
}

/** The state of the session: frozen, and replaced as a whole when anything changes. */
export type AuthSnapshot = PendingSnapshot | SignedOutSnapshot | SignedInSnapshot

/** Holds the snapshot and tells listeners of each new one. */
export interface SnapshotStore {
  readonly getSnapshot: () => AuthSnapshot
  readonly subscribe: (listener: () => void) => () => void
  readonly publish: (next: AuthSnapshot) => void
  /** The snapshot that was published last, shown or not. */
  readonly getLatest: () => AuthSnapshot
  /** Shows what was published last, and from now on everything at once. */
  readonly release: () => void
}

/** Functions that want to be told. */
interface Listeners<Given extends readonly unknown[]> {
  readonly add: (listener: (...given: Given) => void) => () => void
  readonly tell: (...given: Given) => void
}

/** Creates a list of listeners that cannot hurt each other, nor whoever tells them. */
export function createListeners<Given extends readonly unknown[]>(): Listeners<Given> {
  const listeners = new Set<(...given: Given) => void>()
  return {
    add: (listener) => {
      // Wrapped, so that one function that is added twice is told twice.
      const entry = (...given: Given) => listener(...given)
      listeners.add(entry)
      return () => void listeners.delete(entry)
    },
    tell: (...given) => {
      for (const listener of [...listeners]) {
        try {
          listener(...given)
        } catch (error) {
          // A broken view or log must not break a sign-in; the page hears of it all the same.
          queueMicrotask(() => {
            throw error
          })
        }
      }
    },
  }
}

/** The snapshot of a server, and of a client that has not started. */
export const pending: PendingSnapshot = Object.freeze({ status: 'pending' })

/**
 * Creates the store; it starts as `pending`.
 *
 * @param isHeld whether it stays so until `release`: start-up goes through states that must not be seen
 */
export function createSnapshotStore(isHeld?: boolean): SnapshotStore {
  const listeners = createListeners<[]>()
  let snapshot: AuthSnapshot = pending
  let latest = snapshot as AuthSnapshot
  const release = () => {
    isHeld = false
    if (snapshot === latest) return
    snapshot = latest
    listeners.tell()
  }
  return {
    getSnapshot: () => snapshot,
    getLatest: () => latest,
    subscribe: listeners.add,
    publish: (next) => {
      latest = Object.freeze(next)
      if (!isHeld) release()
    },
    release,
  }
}
