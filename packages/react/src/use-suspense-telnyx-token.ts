import { type TelnyxAuth, TelnyxAuthError } from '@telnyx-oauth/core'
import * as React from 'react'
import { useTelnyxAuthClient } from './use-auth-client.ts'
import { type PresentToken, toTokenState, useTelnyxToken } from './use-telnyx-token.ts'

// A component that suspends before it was ever mounted keeps nothing between attempts, so the one promise that all
// attempts must share hangs on the client, and lives no longer. `null`: settled, there is nothing to wait for.
const promises = new WeakMap<TelnyxAuth, Promise<unknown> | null>()

// Spread, because bundlers refuse a named import of `use` from React 18, which has none.
const { use } = { ...React } as { readonly use?: (promise: Promise<unknown>) => void }

/**
 * The access token of a person who is signed in, never `undefined`: suspends while that is not known, and throws
 * to the nearest error boundary when nobody is signed in. Put it below `SignedIn` or `RequireSignIn`, or in an
 * error boundary that offers to sign in.
 *
 * @throws {TelnyxAuthError} the error that ended the session, else `signed_out`
 * @throws {Error} there is no `TelnyxAuthProvider` above
 */
export function useSuspenseTelnyxToken(): PresentToken {
  const client = useTelnyxAuthClient()
  useTelnyxToken()
  const snapshot = client.getSnapshot()
  if (snapshot.status === 'signed-in') return toTokenState(snapshot)
  if (snapshot.status === 'pending') {
    if (!promises.has(client))
      promises.set(
        client,
        client.ready().finally(() => promises.set(client, null)),
      )
    const promise = promises.get(client)
    if (promise) {
      if (!use) throw promise
      use(promise)
    }
  }
  throw snapshot.error ?? new TelnyxAuthError('signed_out')
}
