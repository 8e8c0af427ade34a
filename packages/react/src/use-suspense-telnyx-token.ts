'use client'

import { type TelnyxAuth, TelnyxAuthError } from '@telnyx-oauth/core'
import * as React from 'react'
import { isServer } from './browser.ts'
import { useTelnyxAuthClient } from './use-auth-client.ts'
import { type TelnyxToken, toTokenState, useTelnyxToken } from './use-telnyx-token.ts'

// Bundlers put a literal here, as they do for React itself.
declare const process: { readonly env: { readonly NODE_ENV?: string } }

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
 * The access token of the signed-in user, never `undefined`: suspends while it is not known if there is one, and throws to
 * the nearest error boundary if not. Put it below `SignedIn` or `RequireSignIn`, or in an error boundary that offers to
 * sign in. On a server it throws, and the nearest `Suspense` boundary shows its fallback.
 *
 * @throws {TelnyxAuthError} the error that ended the session, else `signed_out`
 * @throws {Error} there is no `TelnyxAuthProvider` above
 */
export function useSuspenseTelnyxToken(): TelnyxToken {
  const client = useTelnyxAuthClient()
  useTelnyxToken()
  const snapshot = client.getSnapshot()
  // A client that is started on a server is never disposed.
  if (isServer())
    throw new Error(
      process.env.NODE_ENV === 'production'
        ? 'There is no session on a server'
        : 'useSuspenseTelnyxToken: there is no session on a server. The fallback of the Suspense boundary is shown until the browser takes over.',
    )
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
