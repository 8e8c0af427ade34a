import type { SignedInSnapshot, TokenTarget } from '@telnyx-oauth/core'
import { useEffect, useSyncExternalStore } from 'react'
import { useTelnyxAuthClient } from '../use-auth-client.ts'
import { use, useSuspenseTelnyxToken as useOwnToken } from '../use-suspense-telnyx-token.ts'
import type { TelnyxToken } from '../use-telnyx-token.ts'
import { chosenTokenOf } from './chosen-tokens.ts'

/** A token beside the session's own. */
export type ResourceToken = Pick<TelnyxToken, 'token'>

const subscribeToNothing = () => () => {}

/**
 * With `choice`: a token for another resource, or with fewer scopes. Suspends until the server has given it, once for
 * all who choose the same. It is asked for anew whenever the session's own token is renewed; meanwhile, and if that
 * fails, the one that is there is returned. Where there was none, an error boundary may try again after a `refresh()`. A call
 * to an API is better left to `useTelnyxFetch`, which takes a choice as well.
 *
 * Without it: the session's own token, as the hook of the main entry.
 *
 * @throws {TelnyxAuthError} the error that ended the session, else `signed_out`; why there is no such token, for instance
 *   `insufficient_scope`: the sign-in did not name the resource
 * @throws {TypeError} the choice is wrong
 * @throws {Error} there is no `TelnyxAuthProvider` above
 * @see RFC 8707 section 2.2
 */
export function useSuspenseTelnyxToken(): TelnyxToken
export function useSuspenseTelnyxToken(choice: TokenTarget): ResourceToken
export function useSuspenseTelnyxToken(choice?: TokenTarget): ResourceToken {
  const own = useOwnToken()
  const client = useTelnyxAuthClient()
  const store = choice && chosenTokenOf(client, client.getSnapshot() as SignedInSnapshot, choice)
  const read = () => store?.read()
  const answer = useSyncExternalStore(store?.subscribe ?? subscribeToNothing, read, read)
  useEffect(() => store?.keepUp(own.token), [store, own.token])
  if (!store) return own
  if (use) use(store.asked)
  else if (!answer) throw store.asked
  if (answer && 'token' in answer) return answer
  throw answer?.error
}
