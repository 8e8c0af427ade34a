// What must and what must not compile. Never run: compiling it is the test, and `npm run check` compiles it.
import type { SignOutResult, TelnyxAuth, TelnyxAuthError } from '@telnyx-oauth/core'
import {
  RequireSignIn,
  SignedIn,
  TelnyxAuthProvider,
  type TelnyxAuthState,
  useSuspenseTelnyxToken,
  useTelnyxAuth,
  type useTelnyxAuthClient,
  type useTelnyxFetch,
  useTelnyxToken,
} from '@telnyx-oauth/react'
import { TelnyxAuthDevtools } from '@telnyx-oauth/react/devtools'
import { useSuspenseTelnyxResourceToken } from '@telnyx-oauth/react/resource'
import type { ReactNode } from 'react'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
/** Compiles only where the two types are the same. */
function same<A, B>(_answer: Same<A, B>): void {}

declare const auth: TelnyxAuth

export function StatusNarrows(): ReactNode {
  const state = useTelnyxAuth()
  if (state.status === 'signed-in') {
    same<typeof state.sessionId, string>(true)
  } else {
    same<typeof state.sessionId, undefined>(true)
    same<typeof state.isStale, false>(true)
  }
  if (state.status === 'pending') same<typeof state.error, undefined>(true)
  else same<typeof state.error, TelnyxAuthError | undefined>(true)

  const { status, sessionId } = useTelnyxAuth()
  if (status === 'signed-in') same<typeof sessionId, string>(true)

  // @ts-expect-error 'signed_in' is no status: it is written with a hyphen
  if (status === 'signed_in') return null
  // @ts-expect-error the token is not here: useTelnyxToken has it, so that status readers sleep through refreshes
  void state.token
  // @ts-expect-error without a session there is no id
  const id: string = state.sessionId
  // @ts-expect-error the state is replaced, never changed
  state.status = 'signed-out'
  return id
}

export function TokenNarrows(): ReactNode {
  const { token, expiresAtMs, scopes } = useTelnyxToken()
  same<typeof token, string | undefined>(true)
  same<typeof scopes, readonly string[]>(true)
  // @ts-expect-error nobody may be signed in
  void token.length
  // @ts-expect-error without a token there is no expiry
  void expiresAtMs.toFixed()
  if (token !== undefined) void expiresAtMs.toFixed()
  // @ts-expect-error scopes are read-only
  scopes.push('voice.write')

  const present = useSuspenseTelnyxToken()
  same<typeof present.token, string>(true)
  same<typeof present.expiresAtMs, number>(true)
  same<typeof present.isStale, boolean>(true)
  return token
}

export function ChosenTokensAreTyped(): ReactNode {
  const { token } = useSuspenseTelnyxResourceToken({
    resource: 'https://mcp.example.com',
    scope: ['voice.write'],
  })
  same<typeof token, string>(true)
  same<ReturnType<typeof useSuspenseTelnyxToken>['expiresAtMs'], number>(true)
  // @ts-expect-error the server tells the client alone how long it lasts
  void useSuspenseTelnyxResourceToken({ resource: 'https://mcp.example.com' }).expiresAtMs
  // @ts-expect-error one resource per token
  useSuspenseTelnyxResourceToken({ resource: ['https://a.example.com', 'https://b.example.com'] })
  // @ts-expect-error the main entry has the session's own token only
  useSuspenseTelnyxToken({ resource: 'https://mcp.example.com' })
  return token
}

export function SelectionsAreTyped(): ReactNode {
  const status = useTelnyxAuth((state) => state.status)
  same<typeof status, 'pending' | 'signed-out' | 'signed-in'>(true)
  const pair = useTelnyxToken(({ token, scopes }) => ({ token, count: scopes.length }))
  same<typeof pair, { token: string | undefined; count: number }>(true)
  // @ts-expect-error a selector is a function, not a name
  useTelnyxAuth('status')
  // @ts-expect-error a selector receives the token's state, which has no status
  useTelnyxToken(({ status }) => status)
  return status
}

export function ActionsAreThoseOfTheClient(): ReactNode {
  const { signIn, signOut, refresh } = useTelnyxAuth()
  same<ReturnType<typeof signOut>, Promise<SignOutResult>>(true)
  same<ReturnType<typeof refresh>, Promise<void>>(true)
  same<ReturnType<typeof useTelnyxAuthClient>, TelnyxAuth>(true)
  same<ReturnType<typeof useTelnyxFetch>, TelnyxAuth['fetch']>(true)
  // @ts-expect-error there is no such option
  void signIn({ redirectUrl: '/callback' })
  // @ts-expect-error an event is no set of options: write onClick={() => signIn()}
  return <button type="button" onClick={signIn} />
}

export function ProviderTakesOneOrTheOther(): ReactNode {
  return (
    <>
      <TelnyxAuthProvider client={auth} />
      <TelnyxAuthProvider clientId="app" redirectUri="/callback" navigate={(path) => path.length} />
      {/* @ts-expect-error a client or the options are required */}
      <TelnyxAuthProvider />
      {/* @ts-expect-error redirectUri is required */}
      <TelnyxAuthProvider clientId="app" />
      {/* @ts-expect-error a client keeps the options that it was made with */}
      <TelnyxAuthProvider client={auth} scope="voice.write" />
      {/* @ts-expect-error navigate is an option of the client as well */}
      <TelnyxAuthProvider client={auth} navigate={() => {}} />
      {/* @ts-expect-error a public client has no secret */}
      <TelnyxAuthProvider clientId="app" redirectUri="/callback" clientSecret="secret" />
    </>
  )
}

export function GuardsAreTyped(): ReactNode {
  return (
    <>
      <SignedIn>text</SignedIn>
      <RequireSignIn
        fallback={<i />}
        signInOptions={{ scope: ['voice.write'], returnTo: '/' }}
        renderSignedOut={({ error, signIn }) => {
          same<typeof error, Error | undefined>(true)
          return <button type="button" onClick={signIn} />
        }}
      />
      {/* @ts-expect-error whether a sign-in is automatic is for the guard to say */}
      <RequireSignIn signInOptions={{ automatic: false }} />
    </>
  )
}

export function DevtoolsTakeThreeProps(): ReactNode {
  return (
    <>
      <TelnyxAuthDevtools />
      <TelnyxAuthDevtools showInProduction initiallyOpen side="left" />
      {/* @ts-expect-error there are two corners */}
      <TelnyxAuthDevtools side="top" />
      {/* @ts-expect-error the client is that of the provider */}
      <TelnyxAuthDevtools client={auth} />
    </>
  )
}

/** A wrapper of an app can name what a hook returns. */
export function describeSession(state: TelnyxAuthState): string {
  switch (state.status) {
    case 'pending':
      return 'unknown'
    case 'signed-out':
      return state.error?.code ?? 'nobody'
    case 'signed-in':
      return state.sessionId
  }
}
