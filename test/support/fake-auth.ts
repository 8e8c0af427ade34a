import type { SignedInSnapshot, SignInOptions, TelnyxAuth } from '@telnyx-oauth/core'
import { createTestAuth, type TestAuth } from '../../packages/core/src/testing.ts'

/** The test client of core, which records its calls. */
export interface FakeAuth extends Pick<TestAuth, 'publish' | 'emit'> {
  readonly auth: TelnyxAuth
  /** Publishes the snapshot that settles `ready()`. */
  readonly becomeReady: TestAuth['publish']
  /** The calls, in order. */
  readonly log: readonly string[]
  /** The options of each `signIn`. */
  readonly signIns: readonly SignInOptions[]
  readonly subscriptionCount: () => number
}

/** Replaces the navigation of `signIn`. */
export type FakeSignIn = (options: SignInOptions | undefined) => Promise<void>

export function createFakeAuth(signIn: FakeSignIn = async () => {}): FakeAuth {
  const client = createTestAuth({ status: 'pending' })
  const { publish, emit } = client
  const readiness = client.ready()
  const log: string[] = []
  const signIns: SignInOptions[] = []
  let subscriptions = 0
  const auth: TelnyxAuth = {
    ...client,
    ready: () => {
      log.push('ready')
      return readiness
    },
    subscribe: (listener) => {
      const unsubscribe = client.subscribe(listener)
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
    dispose: () => void log.push('dispose'),
  }
  return {
    auth: Object.freeze(auth),
    publish,
    emit,
    becomeReady: publish,
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
