import { type ErrorDetails, TelnyxAuthError, type TelnyxAuthErrorCode } from './errors.ts'
import type { EventBody, TelnyxAuthEvent } from './events.ts'
import type { Finding } from './finding.ts'
import { scopesFrom } from './model/tokens.ts'
import { systemClock } from './ports/clock.ts'
import {
  type AuthSnapshot,
  createSnapshotStore,
  pending,
  type SignedInSnapshot,
  type SnapshotStore,
} from './session.ts'
import type { SignInOptions, TelnyxAuth, TokenTarget } from './telnyx-auth.ts'

/** What {@link createTestAuth} takes. */
export interface TestAuthOptions {
  /** @default 'signed-in' */
  readonly status?: AuthSnapshot['status']
  /** The access token; every refresh appends one more `'`. @default 'test-token' */
  readonly token?: string
  /** @default [] */
  readonly scopes?: readonly string[]
  /** When the token expires, in milliseconds since 1970. @default far in the future */
  readonly expiresAtMs?: number
  /** @default 'test-session-1', then `-2` with the next sign-in */
  readonly sessionId?: string
  /** Answers `fetch`. @default `{}` as JSON, status 200 */
  readonly fetch?: (request: Request) => Response | Promise<Response>
  /** Answers `diagnose`. @default one finding, which says that this is a test client */
  readonly findings?: readonly Finding[]
}

/**
 * A {@link TelnyxAuth} without a network, with controls. `signIn()` signs in on the spot; with `stepUp` the scopes that
 * were missing are there. A token beside the session's own is named after what it is for: `test-token@https://…`.
 */
export interface TestAuth extends TelnyxAuth {
  /** Replaces the snapshot, for a state that the other controls do not lead to. */
  readonly publish: (snapshot: AuthSnapshot) => void
  /** Tells the listeners of `onEvent` of an event. */
  readonly emit: (event: TelnyxAuthEvent) => void
  /** Lets the token expire: the next `getAccessToken` renews it. */
  readonly expire: () => void
  /**
   * Lets something go wrong, as it would show: codes that end a session sign out with that error, those of a `fetch`
   * show nothing, others make the session stale. The next call that needs a server rejects with it, too.
   */
  readonly fail: (code: TelnyxAuthErrorCode, details?: Pick<ErrorDetails, 'missing'>) => void
}

const testFindings: readonly Finding[] = [
  { check: 'session', result: 'ok', sentence: 'This is a test client: there is nothing to find out.' },
]

const farFutureMs = Date.UTC(2100, 0)

const endsSession: readonly TelnyxAuthErrorCode[] = [
  'invalid_grant',
  'refresh_response_lost',
  'session_expired',
  'storage_cleared',
  'newer_version',
]

/** The session of a test client: shown and told of, but nowhere stored. */
function createTestSession(options: TestAuthOptions) {
  const { expiresAtMs = farFutureMs } = options
  let scopes = options.scopes ?? []
  const store = createSnapshotStore()
  const listeners = new Set<(event: TelnyxAuthEvent) => void>()
  let accessToken = options.token ?? 'test-token'
  let session = 0
  let appState: unknown

  const tell = (event: TelnyxAuthEvent) => {
    for (const listener of listeners) listener(event)
  }
  const emit = (body: EventBody) =>
    tell(Object.freeze({ atMs: systemClock.now(), ...body }) as TelnyxAuthEvent)
  const sessionId = () => options.sessionId ?? `test-session-${session}`
  const show = (part: Partial<SignedInSnapshot> = {}) => {
    const token = { accessToken, expiresAtMs, scopes }
    const shown = { sessionId: sessionId(), token, isRefreshing: false, isStale: false, ...part }
    const kept = appState === undefined ? {} : { appState }
    store.publish({ status: 'signed-in', ...shown, ...kept })
  }
  return {
    store,
    onEvent: (listener: (event: TelnyxAuthEvent) => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    tell,
    show,
    begin: ({ stepUp, appState: given }: SignInOptions = {}) => {
      session += 1
      appState = given
      scopes = [...new Set([...scopes, ...(stepUp?.missing?.scopes ?? [])])]
      show()
      emit({ type: 'signed-in', sessionId: sessionId(), by: 'callback' })
    },
    renew: () => {
      accessToken += "'"
      show()
      emit({ type: 'token-renewed', sessionId: sessionId(), by: 'this-tab', expiresAtMs })
      return accessToken
    },
    end: (error?: TelnyxAuthError) => {
      store.publish(error ? { status: 'signed-out', error } : { status: 'signed-out' })
      emit({ type: 'signed-out', sessionId: sessionId(), ...(error && { code: error.code }) })
    },
    expire: () => show({ token: { accessToken, expiresAtMs: 0, scopes } }),
  }
}

/** Resolves with the first snapshot that is not pending. */
function settled({ getSnapshot, subscribe }: SnapshotStore): Promise<AuthSnapshot> {
  return new Promise((resolve) => {
    const resolveIfSettled = () => {
      if (getSnapshot().status === 'pending') return
      stop()
      resolve(getSnapshot())
    }
    const stop = subscribe(resolveIfSettled)
    resolveIfSettled()
  })
}

/** A failure that the next call meets, once. */
function createFailure() {
  let next: TelnyxAuthError | undefined
  return {
    set: (error: TelnyxAuthError | undefined) => {
      next = error
    },
    throwOnce: () => {
      const error = next
      next = undefined
      if (error) throw error
    },
  }
}

/** Creates a client for tests and component catalogues: the whole interface, no network, no storage, no timer. */
export function createTestAuth(options: TestAuthOptions = {}): TestAuth {
  const { status = 'signed-in', fetch: answer = () => Response.json({}) } = options
  const { store, onEvent, tell, show, begin, renew, end, expire } = createTestSession(options)
  const failure = createFailure()

  const signedIn = (): SignedInSnapshot => {
    failure.throwOnce()
    const snapshot = store.getSnapshot()
    if (snapshot.status === 'signed-in') return snapshot
    throw snapshot.error ?? new TelnyxAuthError('signed_out')
  }
  const getAccessToken = async ({ resource, scope }: TokenTarget = {}) => {
    const { token } = signedIn()
    const own = token.expiresAtMs > systemClock.now() ? token.accessToken : renew()
    return [own, resource, scope && scopesFrom(scope).join('+')].filter(Boolean).join('@')
  }

  if (status === 'signed-in') begin()
  if (status === 'signed-out') store.publish({ status })
  // Not frozen, so that a test can spy on its members.
  return {
    // Who waits for a pending session waits, until the test lets it begin or end.
    ready: () => settled(store),
    getSnapshot: store.getSnapshot,
    getServerSnapshot: () => pending,
    subscribe: store.subscribe,
    signIn: async (given) => {
      failure.throwOnce()
      begin(given)
    },
    finishSignIn: async () => {
      failure.throwOnce()
      begin()
    },
    getAccessToken,
    refresh: async () => {
      signedIn()
      renew()
    },
    fetch: async (input, init, choice) => {
      const request = new Request(input, init)
      request.headers.set('authorization', `Bearer ${await getAccessToken(choice)}`)
      return answer(request)
    },
    signOut: async ({ endServerSession } = {}) => {
      end()
      const reason = 'not_supported'
      return { revoked: false, reason, ...(endServerSession && { serverSession: reason }) }
    },
    onEvent,
    diagnose: async () => options.findings ?? testFindings,
    dispose: () => {},
    publish: store.publish,
    emit: tell,
    expire,
    fail: (code, details) => {
      const error = new TelnyxAuthError(code, details)
      const isOver = endsSession.includes(code)
      // A session that is over needs no second failure: the next sign-in works.
      failure.set(isOver ? undefined : error)
      if (error.phase === 'fetch') return
      if (!isOver && store.getSnapshot().status === 'signed-in') show({ isStale: true, error })
      else end(error)
    },
  }
}
