'use client'

import type { AuthSnapshot, SignedInSnapshot, Token } from '@telnyx-oauth/core'
import { createStateOf, useSelection } from './use-selection.ts'

/** The access token of a user who is signed in. */
export interface TelnyxToken {
  /** Opaque: send it, do not parse it. */
  readonly token: string
  /** When it stops being valid, in milliseconds since 1970. */
  readonly expiresAtMs: number
  /** What it may be used for, as the server granted it. */
  readonly scopes: readonly string[]
  /** Whether it has expired or the last refresh failed: `useTelnyxFetch` waits for a newer one. */
  readonly isStale: boolean
}

/** The state without a token: no user is signed in, or that is not known yet. */
export interface NoTelnyxToken {
  readonly token: undefined
  readonly expiresAtMs: undefined
  /** Empty, so that `scopes.includes(…)` needs no check. */
  readonly scopes: readonly string[]
  readonly isStale: false
}

/** A token or none; `token` tells the two apart. */
export type TelnyxTokenState = TelnyxToken | NoTelnyxToken

/**
 * The access token: `{ token, expiresAtMs, scopes, isStale }`, for showing it or handing it to another library. A token
 * refresh renders the component once. To call an API prefer `useTelnyxFetch`, whose token is always valid.
 *
 * With `select`, it renders again only when the selection has changed (plain objects and arrays: their members).
 *
 * @throws {Error} there is no `TelnyxAuthProvider` above
 */
export function useTelnyxToken(): TelnyxTokenState
export function useTelnyxToken<Selected>(select: (token: TelnyxTokenState) => Selected): Selected
export function useTelnyxToken(select?: (token: TelnyxTokenState) => unknown): unknown {
  return useSelection(tokenStateOf, select)
}

type MaybeToken = { readonly token?: Partial<Token>; readonly isStale?: boolean }

const noToken: Partial<Token> = { scopes: [] }

/** The part of a snapshot that a token reader sees. */
export function toTokenState(snapshot: SignedInSnapshot): TelnyxToken
export function toTokenState(snapshot: AuthSnapshot): TelnyxTokenState
export function toTokenState(snapshot: AuthSnapshot): TelnyxTokenState {
  const { token = noToken, isStale = false }: MaybeToken = snapshot as Partial<SignedInSnapshot>
  const { accessToken, expiresAtMs, scopes } = token
  return { token: accessToken, expiresAtMs, scopes, isStale } as TelnyxTokenState
}

const tokenStateOf = createStateOf<TelnyxTokenState>(toTokenState)
