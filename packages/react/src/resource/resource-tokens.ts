import type { SignedInSnapshot, TelnyxAuth, TokenTarget } from '@telnyx-oauth/core'
import { now } from '../browser.ts'

/** A token beside the session's own, shared by all its readers. */
export interface ResourceTokenStore {
  /** Resolves with the first result, and never rejects. The same for every attempt to render. */
  readonly asked: Promise<void>
  /** The token, or the reason why there is none; `undefined` before the first result. */
  readonly read: () => Result | undefined
  readonly subscribe: (listener: () => void) => () => void
  /** Tells if there is none and it may be asked for again: a second has passed, or the session has another token. */
  readonly isOutdatedFailure: (ownToken: string) => boolean
  /** Asks for a newer one when the session has another token than the last time. */
  readonly keepUp: (ownToken: string) => void
}

/** A failure lasts for so long. */
const minRetryMs = 1000

type Result = { readonly token: string } | { readonly error: unknown }

interface SessionTokens {
  readonly sessionId: string
  readonly stores: Map<string, ResourceTokenStore>
}

// A component that suspends before it was ever mounted keeps nothing between attempts: what all attempts and all
// readers share hangs on the client, and lives as long as the session.
const tokensOf = new WeakMap<TelnyxAuth, SessionTokens>()

/** The store of the resource token under the present session. */
export function resourceTokenOf(
  client: TelnyxAuth,
  { sessionId, token }: SignedInSnapshot,
  target: TokenTarget,
): ResourceTokenStore {
  let tokens = tokensOf.get(client)
  if (tokens?.sessionId !== sessionId) {
    tokens = { sessionId, stores: new Map() }
    tokensOf.set(client, tokens)
  }
  const key = JSON.stringify([target.resource, target.scope])
  const known = tokens.stores.get(key)
  // React renders again at once what has thrown: a failure lasts for longer than that, or the requests would never stop.
  if (known && !known.isOutdatedFailure(token.accessToken)) return known
  const store = createStore(client, target, token.accessToken)
  tokens.stores.set(key, store)
  return store
}

function createStore(client: TelnyxAuth, target: TokenTarget, ownToken: string): ResourceTokenStore {
  const listeners = new Set<() => void>()
  let result: Result | undefined
  let askedUnder = ownToken
  let failedAtMs = 0
  const give = (next: Result) => {
    // A token that is there is better than the reason why there is no newer one.
    if ('error' in next && result && 'token' in result) return
    if ('token' in next && result && 'token' in result && result.token === next.token) return
    result = next
    for (const listener of listeners) listener()
  }
  const ask = (minValidityMs?: number) =>
    client.getAccessToken({ ...target, ...(minValidityMs && { minValidityMs }) }).then(
      (token) => give({ token }),
      (error: unknown) => {
        failedAtMs = now()
        give({ error })
      },
    )
  return {
    asked: ask(),
    read: () => result,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    isOutdatedFailure: (token) =>
      !!result && 'error' in result && (token !== askedUnder || Math.abs(now() - failedAtMs) >= minRetryMs),
    keepUp: (token) => {
      if (token === askedUnder) return
      askedUnder = token
      // Both tokens are of about the same age. Infinity means: less than half its life is not enough.
      void ask(Number.POSITIVE_INFINITY)
    },
  }
}
