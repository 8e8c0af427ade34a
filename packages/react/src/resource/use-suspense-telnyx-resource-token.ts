'use client'

import type { SignedInSnapshot, TokenTarget } from '@telnyx-oauth/core'
import { useEffect, useSyncExternalStore } from 'react'
import { useTelnyxAuthClient } from '../use-auth-client.ts'
import { use, useSuspenseTelnyxToken } from '../use-suspense-telnyx-token.ts'
import type { TelnyxToken } from '../use-telnyx-token.ts'
import { resourceTokenOf } from './resource-tokens.ts'

/** A token beside the session's own. */
export type ResourceToken = Pick<TelnyxToken, 'token'>

/**
 * A token for another resource, or with fewer scopes, than the session's own. Suspends until the server has given it, once
 * for all components that name the same. It is asked for anew whenever the session's own token is renewed; meanwhile, and
 * if that fails, the one that is there is returned. Where there was none, an error boundary that renders again after a
 * second asks again. A call to an API is better left to `useTelnyxFetch`, which takes a target as well.
 *
 * @throws {TelnyxAuthError} the error that ended the session, else `signed_out`; the reason why there is no such token, for
 *   instance `insufficient_scope`: the sign-in did not name the resource
 * @throws {TypeError} the target is wrong
 * @throws {Error} there is no `TelnyxAuthProvider` above
 * @see RFC 8707 section 2.2
 */
export function useSuspenseTelnyxResourceToken(target: TokenTarget): ResourceToken {
  const { token } = useSuspenseTelnyxToken()
  const client = useTelnyxAuthClient()
  const store = resourceTokenOf(client, client.getSnapshot() as SignedInSnapshot, target)
  const result = useSyncExternalStore(store.subscribe, store.read, store.read)
  useEffect(() => store.keepUp(token), [store, token])
  if (use) use(store.asked)
  else if (!result) throw store.asked
  if (result && 'token' in result) return result
  throw result?.error
}
