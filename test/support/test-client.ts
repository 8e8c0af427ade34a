import type { SignedInSnapshot } from '@telnyx-oauth/core'
import { createTestAuth, type TestAuth } from '../../packages/core/src/testing.ts'

/** A client whose session is not known yet. */
export const pendingAuth = (): TestAuth => createTestAuth({ status: 'pending' })

/** A client that counts its subscriptions. */
export function countSubscriptions(client: TestAuth): TestAuth & { readonly subscriptions: () => number } {
  let subscriptions = 0
  return {
    ...client,
    subscribe: (listener) => {
      const unsubscribe = client.subscribe(listener)
      subscriptions += 1
      return () => {
        unsubscribe()
        subscriptions -= 1
      }
    },
    subscriptions: () => subscriptions,
  }
}

export function signedIn(changes: Partial<SignedInSnapshot> = {}): SignedInSnapshot {
  const token = { accessToken: 'token-1', expiresAtMs: 1_000_000, scopes: ['messaging.read', 'voice.write'] }
  const session = { sessionId: 'session-1', token, isRefreshing: false, isStale: false }
  return { status: 'signed-in', ...session, ...changes }
}

/** The snapshots of a refresh after `before`: the refresh is pending, then the new token is there. */
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
