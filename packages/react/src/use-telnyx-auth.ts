import type {
  AuthSnapshot,
  PendingSnapshot,
  SignedInSnapshot,
  SignedOutSnapshot,
  TelnyxAuth,
  TelnyxAuthError,
} from '@telnyx-oauth/core'
import { useSelection } from './use-selection.ts'

/** What a component may do with the session. The functions keep their identity as long as the client. */
export type TelnyxAuthActions = Pick<TelnyxAuth, 'signIn' | 'signOut' | 'refresh'>

interface NoSession {
  readonly sessionId: undefined
  readonly isRefreshing: false
  readonly isStale: false
  readonly appState?: undefined
}

/** The session without its token, and the actions. `status` tells the three cases apart. */
export type TelnyxAuthState = TelnyxAuthActions &
  (
    | (Pick<PendingSnapshot, 'status'> & NoSession & { readonly error: undefined })
    | (Pick<SignedOutSnapshot, 'status'> & NoSession & { readonly error: TelnyxAuthError | undefined })
    | (Pick<SignedInSnapshot, 'status' | 'sessionId' | 'isRefreshing' | 'isStale' | 'appState'> & {
        readonly error: TelnyxAuthError | undefined
      })
  )

/**
 * The session's state and what to do with it: `{ status, error, sessionId, isRefreshing, isStale, appState, signIn,
 * signOut, refresh }`. The component renders again only when a member that it reads while rendering has changed: one that
 * reads `status` alone sleeps through every token refresh.
 *
 * With `select`, it renders again only when the selection has changed (plain objects and arrays: their members).
 *
 * @throws {Error} there is no `TelnyxAuthProvider` above
 */
export function useTelnyxAuth(): TelnyxAuthState
export function useTelnyxAuth<Selected>(select: (auth: TelnyxAuthState) => Selected): Selected
export function useTelnyxAuth(select?: (auth: TelnyxAuthState) => unknown): unknown {
  return useSelection(toState, select, !select)
}

function toState(snapshot: AuthSnapshot, { signIn, signOut, refresh }: TelnyxAuth): TelnyxAuthState {
  const {
    status,
    error,
    sessionId,
    isRefreshing = false,
    isStale = false,
    appState,
  } = snapshot as Partial<SignedInSnapshot>
  return {
    status,
    error,
    sessionId,
    isRefreshing,
    isStale,
    appState,
    signIn,
    signOut,
    refresh,
  } as TelnyxAuthState
}
