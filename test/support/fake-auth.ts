import type {
  AuthSnapshot,
  SignedInSnapshot,
  SignInOptions,
  TelnyxAuth,
  TelnyxAuthEvent,
} from '@telnyx-oauth/core'
import { createListeners, createSnapshotStore, pending } from '../../packages/core/src/session.ts'
import { createDeferred } from './deferred.ts'

/** A client whose session the test decides on. */
export interface FakeAuth {
  readonly auth: TelnyxAuth
  /** Replaces the snapshot. */
  readonly publish: (next: AuthSnapshot) => void
  /** Replaces the snapshot and settles `ready()`. */
  readonly becomeReady: (next: AuthSnapshot) => void
  /** Tells the client's listeners of an event. */
  readonly emit: (event: TelnyxAuthEvent) => void
  /** What was called, in order. */
  readonly log: readonly string[]
  /** The options of each `signIn`. */
  readonly signIns: readonly SignInOptions[]
  readonly subscriptionCount: () => number
}

/** What `signIn` does instead of leaving the page. */
export type FakeSignIn = (options: SignInOptions | undefined) => Promise<void>

const later = () => Promise.reject(new Error('not part of this test'))

export function createFakeAuth(signIn: FakeSignIn = async () => {}): FakeAuth {
  const store = createSnapshotStore()
  const listeners = createListeners<[TelnyxAuthEvent]>()
  const readiness = createDeferred<AuthSnapshot>()
  const log: string[] = []
  const signIns: SignInOptions[] = []
  let subscriptions = 0
  const auth: TelnyxAuth = {
    ready: () => {
      log.push('ready')
      return readiness.promise
    },
    getSnapshot: store.getSnapshot,
    getServerSnapshot: () => pending,
    subscribe: (listener) => {
      const unsubscribe = store.subscribe(listener)
      subscriptions += 1
      return () => {
        unsubscribe()
        subscriptions -= 1
      }
    },
    signIn: (options) => {
      log.push('signIn')
      signIns.push(options ?? {})
      return signIn(options)
    },
    getAccessToken: later,
    refresh: later,
    expire: () => {},
    fetch: later,
    signOut: later,
    onEvent: listeners.add,
    diagnose: later,
    dispose: () => void log.push('dispose'),
  }
  return {
    auth: Object.freeze(auth),
    publish: store.publish,
    emit: listeners.tell,
    becomeReady: (next) => {
      store.publish(next)
      readiness.resolve(next)
    },
    log,
    signIns,
    subscriptionCount: () => subscriptions,
  }
}

/** A snapshot of somebody who is signed in. */
export function signedIn(changes: Partial<SignedInSnapshot> = {}): SignedInSnapshot {
  const token = { accessToken: 'token-1', expiresAtMs: 1_000_000, scopes: ['messaging.read', 'voice.write'] }
  return {
    status: 'signed-in',
    sessionId: 'session-1',
    token,
    isRefreshing: false,
    isStale: false,
    ...changes,
  }
}

/** What a client publishes while it refreshes the token of `before`: that it does, then the new token. */
export function refreshOf(before: SignedInSnapshot): readonly [SignedInSnapshot, SignedInSnapshot] {
  const { accessToken, expiresAtMs, scopes } = before.token
  const token = {
    accessToken: `${accessToken}, renewed`,
    expiresAtMs: expiresAtMs + 1_800_000,
    scopes: [...scopes],
  }
  return [
    { ...before, isRefreshing: true },
    { ...before, token },
  ]
}
