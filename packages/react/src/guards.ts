'use client'

import type { SignInOptions, TelnyxAuth } from '@telnyx-oauth/core'
import { createElement, type ReactElement, type ReactNode, useEffect, useRef, useState } from 'react'
import { isBack } from './browser.ts'
import { useTelnyxAuth } from './use-telnyx-auth.ts'

/** Renders its children while somebody is signed in. */
export function SignedIn({ children }: { readonly children?: ReactNode }): ReactNode {
  return useTelnyxAuth().status === 'signed-in' && children
}

/** Renders its children while nobody is signed in; not while that is unknown. */
export function SignedOut({ children }: { readonly children?: ReactNode }): ReactNode {
  return useTelnyxAuth().status === 'signed-out' && children
}

/** What {@link RequireSignInProps.renderSignedOut} receives. */
export interface SignedOutViewProps {
  /**
   * Why the guard does not sign in by itself: a `TelnyxAuthError`, or the `TypeError` of a wrong `signInOptions`;
   * `undefined` after somebody signed out.
   */
  readonly error: Error | undefined
  /** Signs in, for a button. */
  readonly signIn: () => void
}

/** The props of {@link RequireSignIn}. */
export interface RequireSignInProps {
  readonly children?: ReactNode
  /** Shown while the session is restored and while the page leaves for the server. @default nothing */
  readonly fallback?: ReactNode
  /** Shown when the guard does not sign in by itself. @default one line with the error's message, and a button */
  readonly renderSignedOut?: (props: SignedOutViewProps) => ReactNode
  /** How to sign in. @default {} */
  readonly signInOptions?: Omit<SignInOptions, 'automatic'>
}

/** Sign-ins that guards have begun, by the function of the client: several guards leave for the server once. */
const signIns = new WeakMap<TelnyxAuth['signIn'], Promise<void>>()

/**
 * Renders its children while somebody is signed in, and otherwise signs in by itself: once per mount, never while
 * there is an error, never after a sign-out or the back button, and never again after a few vain attempts (`login_loop`).
 * In those cases the user decides, with the button of `renderSignedOut`.
 */
export function RequireSignIn({
  children,
  fallback,
  renderSignedOut = renderDefaultView,
  signInOptions,
}: RequireSignInProps): ReactNode {
  const { status, error, signIn } = useTelnyxAuth()
  // Why the guard stands still, `true` if the snapshot says why; absent while it decides or the page is leaving.
  const [halt, setHalt] = useState<Error | true>()
  const isDecided = useRef(false)

  const begin = (automatic: boolean) => {
    setHalt(undefined)
    const leaving = (automatic && signIns.get(signIn)) || signIn({ ...signInOptions, automatic })
    signIns.set(signIn, leaving)
    leaving.catch(setHalt).finally(() => signIns.delete(signIn))
  }

  useEffect(() => {
    const isNew = status === 'signed-out' && !isDecided.current
    if (isNew && !error && !isBack()) begin(true)
    else if (isNew || status === 'signed-in') setHalt(true)
    isDecided.current ||= status !== 'pending'
    // The page was leaving when the back button restored it: it waits for no navigation any more. What is set at
    // `pagehide` instead is never rendered in Firefox.
    const stop = ({ persisted }: PageTransitionEvent) => persisted && setHalt(true)
    addEventListener('pageshow', stop)
    return () => removeEventListener('pageshow', stop)
  }, [status, error])

  if (status === 'signed-in') return children
  if (!halt) return fallback
  return renderSignedOut({ error: halt === true ? error : halt, signIn: () => begin(false) })
}

function renderDefaultView({ error, signIn }: SignedOutViewProps): ReactElement {
  return createElement(
    'p',
    { role: 'alert' },
    error && `You are signed out (${error.message})`,
    ' ',
    createElement('button', { type: 'button', onClick: signIn }, 'Sign in'),
  )
}
