'use client'

import type {
  PendingSnapshot,
  SignedInSnapshot,
  SignedOutSnapshot,
  TelnyxAuth,
  TelnyxAuthError,
} from '@telnyx-oauth/core'
import { createStateOf, useSelection } from './use-selection.ts'

/** The actions on the session. The functions keep their identity as long as the client. */
export type TelnyxAuthActions = Pick<TelnyxAuth, 'signIn' | 'signOut' | 'refresh'>

interface NoSession {
  readonly sessionId: undefined
  readonly isStale: false
  readonly appState?: undefined
}

/** The session without its token, and the actions. `status` tells the three cases apart. */
export type TelnyxAuthState = TelnyxAuthActions &
  (
    | (Pick<PendingSnapshot, 'status'> & NoSession & { readonly error: undefined })
    | (Pick<SignedOutSnapshot, 'status'> & NoSession & { readonly error: TelnyxAuthError | undefined })
    | (Pick<SignedInSnapshot, 'status' | 'sessionId' | 'isStale' | 'appState'> & {
        readonly error: TelnyxAuthError | undefined
      })
  )

/** The state that a selector receives. */
export type TelnyxAuthDetails = TelnyxAuthState & {
  /** True while this tab waits for a newer token. */
  readonly isRefreshing: boolean
  /** The earliest known end of the session, in milliseconds since 1970. */
  readonly endsAtMs?: number
}

/**
 * The session's state and the actions: `{ status, error, sessionId, isStale, appState, signIn, signOut, refresh }`, one
 * object that is replaced only when a member changes. A token refresh that succeeds changes none.
 *
 * With `select`, which receives `isRefreshing` and `endsAtMs` too, the component renders again only when the selection has changed (plain
 * objects and arrays: their members).
 *
 * @throws {Error} there is no `TelnyxAuthProvider` above
 */
export function useTelnyxAuth(): TelnyxAuthState
export function useTelnyxAuth<Selected>(select: (auth: TelnyxAuthDetails) => Selected): Selected
export function useTelnyxAuth(select?: (auth: TelnyxAuthDetails) => unknown): unknown {
  return useSelection<TelnyxAuthState, unknown>(
    select ? detailsOf : stateOf,
    select as (auth: TelnyxAuthState) => unknown,
  )
}

const detailsOf = createStateOf((snapshot, { signIn, signOut, refresh }): TelnyxAuthDetails => {
  const { token: _, ...session }: Partial<SignedInSnapshot> = snapshot as SignedInSnapshot
  return { isRefreshing: false, isStale: false, ...session, signIn, signOut, refresh } as TelnyxAuthDetails
})

// Each refresh changes these two.
const stateOf = createStateOf((snapshot, client): TelnyxAuthState => {
  const { isRefreshing: _, endsAtMs: __, ...state } = detailsOf(client, snapshot)
  return state as TelnyxAuthState
})
