import type { SignedInSnapshot, TelnyxAuth, TokenTarget } from '@telnyx-oauth/core'

/** A token beside the session's own, kept for everybody who reads it. */
export interface ChosenTokenStore {
  /** Resolves with the first answer, and never rejects. The same for every attempt to render. */
  readonly asked: Promise<void>
  /** The token, or why there is none; neither while nobody has answered. */
  readonly read: () => Answer | undefined
  readonly subscribe: (listener: () => void) => () => void
  /** Whether there is none, and the session has another token since that was found out. */
  readonly isOutdatedFailure: (ownToken: string) => boolean
  /** Asks for a newer one when the session has another token than the last time. */
  readonly keepUp: (ownToken: string) => void
}

type Answer = { readonly token: string } | { readonly error: unknown }

interface SessionTokens {
  readonly sessionId: string
  readonly stores: Map<string, ChosenTokenStore>
}

// A component that suspends before it was ever mounted keeps nothing between attempts: what all attempts and all
// readers share hangs on the client, and lives as long as the session.
const tokensOf = new WeakMap<TelnyxAuth, SessionTokens>()

/** The store of the chosen token under the present session. */
export function chosenTokenOf(
  client: TelnyxAuth,
  { sessionId, token }: SignedInSnapshot,
  choice: TokenTarget,
): ChosenTokenStore {
  let tokens = tokensOf.get(client)
  if (tokens?.sessionId !== sessionId) {
    tokens = { sessionId, stores: new Map() }
    tokensOf.set(client, tokens)
  }
  const key = JSON.stringify([choice.resource, choice.scope])
  const known = tokens.stores.get(key)
  // React tries again at once what has thrown: a failure must last for longer than that, or it would never stop.
  if (known && !known.isOutdatedFailure(token.accessToken)) return known
  const store = createStore(client, choice, token.accessToken)
  tokens.stores.set(key, store)
  return store
}

function createStore(client: TelnyxAuth, choice: TokenTarget, ownToken: string): ChosenTokenStore {
  const listeners = new Set<() => void>()
  let answer: Answer | undefined
  let askedUnder = ownToken
  const give = (next: Answer) => {
    // A token that is there is better than the reason why there is no newer one.
    if ('error' in next && answer && 'token' in answer) return
    if ('token' in next && answer && 'token' in answer && answer.token === next.token) return
    answer = next
    for (const listener of listeners) listener()
  }
  const ask = (minValidityMs?: number) =>
    client.getAccessToken({ ...choice, ...(minValidityMs && { minValidityMs }) }).then(
      (token) => give({ token }),
      (error: unknown) => give({ error }),
    )
  return {
    asked: ask(),
    read: () => answer,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    isOutdatedFailure: (token) => !!answer && 'error' in answer && token !== askedUnder,
    keepUp: (token) => {
      if (token === askedUnder) return
      askedUnder = token
      // Both tokens are of about the same age. Infinity means: less than half its life is not enough.
      void ask(Number.POSITIVE_INFINITY)
    },
  }
}
