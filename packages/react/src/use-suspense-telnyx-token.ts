import { type TelnyxAuth, TelnyxAuthError } from '@telnyx-oauth/core'
import * as React from 'react'
import { useTelnyxAuthClient } from './use-auth-client.ts'
import { type TelnyxToken, toTokenState, useTelnyxToken } from './use-telnyx-token.ts'

// A component that suspends before it was ever mounted keeps nothing between attempts, so the one promise that all
// attempts must share hangs on the client. `null`: there is nothing to wait for any more.
const waits = new WeakMap<TelnyxAuth, Promise<void> | null>()

/**
 * React 19's; React 18 has none. Whoever suspended by it must call it again when the waiting is over:
 * https://react.dev/warnings/conditional-use-of-use
 */
// Spread, because bundlers refuse a named import of what may be missing.
export const use: Use | undefined = ({ ...React } as { readonly use?: Use }).use

type Use = (wait: Promise<void>) => void

/**
 * The access token of a person who is signed in, never `undefined`: suspends while that is not known, and throws
 * to the nearest error boundary when nobody is signed in. Put it below `SignedIn` or `RequireSignIn`, or in an
 * error boundary that offers to sign in.
 *
 * @throws {TelnyxAuthError} the error that ended the session, else `signed_out`
 * @throws {Error} there is no `TelnyxAuthProvider` above
 */
export function useSuspenseTelnyxToken(): TelnyxToken {
  const client = useTelnyxAuthClient()
  useTelnyxToken()
  const snapshot = client.getSnapshot()
  if (snapshot.status === 'pending' && !waits.has(client)) {
    const forget = () => void (use || waits.set(client, null))
    waits.set(client, client.ready().then(forget, forget))
  }
  const wait = waits.get(client)
  if (wait && !use) throw wait
  if (wait) use?.(wait)
  if (snapshot.status === 'signed-in') return toTokenState(snapshot)
  throw snapshot.error ?? new TelnyxAuthError('signed_out')
}
