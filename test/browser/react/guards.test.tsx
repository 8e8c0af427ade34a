import { type SignInOptions, TelnyxAuthError } from '@telnyx-oauth/core'
import type { RequireSignInProps } from '@telnyx-oauth/react'
import { RequireSignIn, SignedIn, SignedOut, TelnyxAuthProvider } from '@telnyx-oauth/react'
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { StrictMode } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createDeferred } from '../../support/deferred.ts'
import { pendingAuth, signedIn } from '../../support/test-client.ts'

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

/** A client before its session is known, whose `signIn` is recorded and ends as `navigation` does. */
function recordSignIns(navigation: () => Promise<void> = async () => {}) {
  const client = pendingAuth()
  const signIns: SignInOptions[] = []
  const signIn = (options: SignInOptions = {}) => {
    signIns.push(options)
    return navigation()
  }
  return { auth: { ...client, signIn }, publish: client.publish, signIns }
}

/** A guarded page in StrictMode. */
function guardPage(
  props: RequireSignInProps = {},
  navigation?: () => Promise<void>,
  fake = recordSignIns(navigation),
) {
  const { container } = render(
    <StrictMode>
      <TelnyxAuthProvider client={fake.auth}>
        <RequireSignIn fallback="waiting" {...props}>
          the page
        </RequireSignIn>
      </TelnyxAuthProvider>
    </StrictMode>,
  )
  return { ...fake, text: () => container.textContent }
}

const failing = (reason: unknown) => () => Promise.reject(reason)
const signInButton = () => screen.getByRole('button', { name: 'Sign in' })

describe('SignedIn and SignedOut', () => {
  it.each([
    ['pending', { status: 'pending' }, ''],
    ['signed-out', { status: 'signed-out' }, 'out'],
    ['signed-in', signedIn(), 'in'],
  ] as const)('show the one that fits while the status is %s', (_status, snapshot, text) => {
    const { auth, publish } = recordSignIns()
    const { container } = render(
      <TelnyxAuthProvider client={auth}>
        <SignedIn>in</SignedIn>
        <SignedOut>out</SignedOut>
      </TelnyxAuthProvider>,
    )
    act(() => publish(snapshot))
    expect(container.textContent).toBe(text)
  })
})

describe('RequireSignIn', () => {
  it('shows the fallback and signs nobody in while nothing is known', () => {
    const { text, signIns } = guardPage()
    expect([text(), signIns]).toEqual(['waiting', []])
  })

  it('shows its children to somebody who is signed in', () => {
    const { text, signIns, publish } = guardPage()
    act(() => publish(signedIn()))
    expect([text(), signIns]).toEqual(['the page', []])
  })

  it('signs in once when StrictMode mounts it twice', async () => {
    const fake = recordSignIns()
    fake.publish({ status: 'signed-out' })
    await act(async () => guardPage({}, undefined, fake))
    expect(fake.signIns).toEqual([{ automatic: true }])
  })

  it('signs in once when several guards are shown at once, and all show why that failed', async () => {
    const { auth, publish, signIns } = recordSignIns(failing(new TelnyxAuthError('metadata_unavailable')))
    publish({ status: 'signed-out' })
    const guards = ['first', 'second', 'third', 'fourth'].map((name) => (
      <RequireSignIn key={name} fallback="waiting" />
    ))
    await act(async () => render(<TelnyxAuthProvider client={auth}>{guards}</TelnyxAuthProvider>))
    expect(signIns).toEqual([{ automatic: true }])
    expect(screen.getAllByRole('alert')).toHaveLength(4)
  })

  it('signs in automatically and with the options that it was given', async () => {
    const { text, signIns, publish } = guardPage({
      signInOptions: { scope: ['voice.write'], returnTo: '/calls' },
    })
    await act(async () => publish({ status: 'signed-out' }))
    expect(signIns).toEqual([{ scope: ['voice.write'], returnTo: '/calls', automatic: true }])
    expect(text()).toBe('waiting')
  })

  it('shows an error of the session instead of signing in, and leaves the next sign-in to the person', async () => {
    const { text, signIns, publish } = guardPage()
    const error = new TelnyxAuthError('access_denied')
    await act(async () => publish({ status: 'signed-out', error }))
    expect(signIns).toEqual([])
    expect(screen.getByRole('alert').textContent).toContain(error.message)

    await act(async () => fireEvent.click(signInButton()))
    expect(signIns).toEqual([{ automatic: false }])
    expect(text()).toBe('waiting')
  })

  it('does not sign in when an error that it showed is gone', async () => {
    const { signIns, publish } = guardPage()
    await act(async () => publish({ status: 'signed-out', error: new TelnyxAuthError('session_expired') }))
    await act(async () => publish({ status: 'signed-out' }))
    expect(signIns).toEqual([])
    await act(async () => fireEvent.click(signInButton()))
    expect(signIns).toEqual([{ automatic: false }])
  })

  it('stops on login_loop: it says so and does not try again', async () => {
    const error = new TelnyxAuthError('login_loop')
    const { signIns, publish } = guardPage({}, failing(error))
    await act(async () => publish({ status: 'signed-out' }))
    await act(async () => publish({ status: 'signed-out' }))
    expect(signIns).toHaveLength(1)
    expect(screen.getByRole('alert').textContent).toContain(error.message)
  })

  it('shows why the sign-in that the person asked for failed, not the error before it', async () => {
    const { publish } = guardPage({}, failing(new TelnyxAuthError('metadata_unavailable')))
    await act(async () => publish({ status: 'signed-out', error: new TelnyxAuthError('access_denied') }))
    await act(async () => fireEvent.click(signInButton()))
    expect(screen.getByRole('alert').textContent).toContain('metadata')
  })

  it('shows the TypeError of wrong options', async () => {
    const { text, publish } = guardPage({}, failing(new TypeError('"returnTo" must be a path')))
    await act(async () => publish({ status: 'signed-out' }))
    expect(text()).toContain('"returnTo" must be a path')
  })

  it('does not sign in again when somebody signs out', async () => {
    const { text, signIns, publish } = guardPage()
    act(() => publish(signedIn()))
    await act(async () => publish({ status: 'signed-out' }))
    expect(signIns).toEqual([])
    expect(text()?.trim()).toBe('Sign in')
  })

  it('never shows the sign-in button for a moment when the session ends with an error', async () => {
    const seen: unknown[] = []
    const renderSignedOut: RequireSignInProps['renderSignedOut'] = ({ error }) => {
      seen.push(error)
      return 'signed out'
    }
    const error = new TelnyxAuthError('invalid_grant')
    const { text, signIns, publish } = guardPage({ renderSignedOut })
    act(() => publish(signedIn()))
    await act(async () => publish({ status: 'signed-out', error }))
    expect([text(), signIns, new Set(seen)]).toEqual(['signed out', [], new Set([error])])
  })

  it('shows its children when the sign-in finishes in another tab', async () => {
    const leaving = createDeferred()
    const { text, publish } = guardPage({}, () => leaving.promise)
    await act(async () => publish({ status: 'signed-out' }))
    act(() => publish(signedIn()))
    expect(text()).toBe('the page')
  })

  it('offers to sign in when the back button restores the page that it had left', async () => {
    const { text, signIns, publish } = guardPage()
    await act(async () => publish({ status: 'signed-out' }))
    expect(text()).toBe('waiting')
    act(() => void window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })))
    act(() => void window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
    expect([text()?.trim(), signIns.length]).toEqual(['Sign in', 1])
  })

  it.each([
    [location.href, 'Sign in', 0],
    ['https://app.example/another', 'waiting', 1],
  ])('after the back button loaded %s it shows "%s" and signs in %i times', async (name, view, count) => {
    const entry = { type: 'back_forward', name } as PerformanceNavigationTiming
    vi.spyOn(performance, 'getEntriesByType').mockReturnValue([entry])
    const { text, signIns, publish } = guardPage()
    await act(async () => publish({ status: 'signed-out' }))
    expect([text()?.trim(), signIns.length]).toEqual([view, count])
  })

  it('hands error and signIn to a view of the app', async () => {
    const error = new TelnyxAuthError('access_denied')
    const { signIns, publish } = guardPage({
      renderSignedOut: ({ error, signIn }) => (
        <button type="button" onClick={signIn}>
          again after {error?.message}
        </button>
      ),
    })
    await act(async () => publish({ status: 'signed-out', error }))
    await act(async () => fireEvent.click(screen.getByText(`again after ${error.message}`)))
    expect(signIns).toHaveLength(1)
  })

  it('signs in again after it was mounted anew', async () => {
    const fake = recordSignIns()
    fake.publish({ status: 'signed-out' })
    const app = (key: string) => (
      <TelnyxAuthProvider client={fake.auth}>
        <RequireSignIn key={key}>the page</RequireSignIn>
      </TelnyxAuthProvider>
    )
    const { rerender } = render(app('one route'))
    await act(async () => rerender(app('another route')))
    expect(fake.signIns).toHaveLength(2)
  })
})
