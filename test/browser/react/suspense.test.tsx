import { type TelnyxAuth, TelnyxAuthError } from '@telnyx-oauth/core'
import { SignedIn, TelnyxAuthProvider, useSuspenseTelnyxToken } from '@telnyx-oauth/react'
import { act, cleanup, type RenderResult, render, waitFor } from '@testing-library/react'
import { type ReactNode, StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { afterEach, describe, expect, it } from 'vitest'
import { pendingAuth, refreshOf, signedIn } from '../../support/test-client.ts'
import { consoleDuring } from './support/console.ts'
import { ErrorBoundary } from './support/error-boundary.tsx'

afterEach(cleanup)

/** React 19 wants whatever may suspend to be rendered in an awaited `act`. */
function renderSuspending(element: ReactNode): Promise<RenderResult> {
  return act(async () => render(element))
}

const TokenReader = () => useSuspenseTelnyxToken().token

function app(client: TelnyxAuth, children: ReactNode = <TokenReader />): ReactNode {
  return (
    <TelnyxAuthProvider client={client}>
      <ErrorBoundary>
        <Suspense fallback="waiting">{children}</Suspense>
      </ErrorBoundary>
    </TelnyxAuthProvider>
  )
}

describe('useSuspenseTelnyxToken', () => {
  it('suspends while nothing is known, then returns token, expiry and scopes', async () => {
    const auth = pendingAuth()
    const Reader = () => JSON.stringify(useSuspenseTelnyxToken())
    const { container } = await renderSuspending(app(auth, <Reader />))
    expect(container.textContent).toBe('waiting')
    await act(async () => auth.publish(signedIn()))
    expect(JSON.parse(container.textContent ?? '')).toEqual({
      token: 'token-1',
      expiresAtMs: 1_000_000,
      scopes: ['messaging.read', 'voice.write'],
      isStale: false,
    })
  })

  it('waits for one promise, however many components and attempts there are', async () => {
    const auth = pendingAuth()
    const { client, calls } = countingReady(auth)
    const readers = (
      <>
        <TokenReader />
        <TokenReader />
      </>
    )
    const { container, rerender } = await renderSuspending(<StrictMode>{app(client, readers)}</StrictMode>)
    for (let again = 0; again < 5; again += 1)
      await act(async () => rerender(<StrictMode>{app(client, readers)}</StrictMode>))
    // One is of the hook; the provider starts the client itself, twice in StrictMode.
    expect(calls()).toBe(3)
    await act(async () => auth.publish(signedIn()))
    expect(container.textContent).toBe('token-1token-1')
    expect(calls()).toBe(3)
  })

  it('waits without a Suspense boundary of its own, at the root', async () => {
    const auth = pendingAuth()
    const { container } = await renderSuspending(
      <Suspense fallback="waiting">
        <TelnyxAuthProvider client={auth}>
          <TokenReader />
        </TelnyxAuthProvider>
      </Suspense>,
    )
    expect(container.textContent).toBe('waiting')
    await act(async () => auth.publish(signedIn()))
    expect(container.textContent).toBe('token-1')
  })

  it('renders once for a refresh and does not suspend again', async () => {
    const auth = pendingAuth()
    const before = signedIn()
    auth.publish(before)
    const texts: string[] = []
    const Reader = () => {
      texts.push(useSuspenseTelnyxToken().token)
      return null
    }
    const { container } = await renderSuspending(app(auth, <Reader />))
    for (const next of refreshOf(before)) await act(async () => auth.publish(next))
    expect([container.textContent, texts]).toEqual(['', ['token-1', 'token-1, renewed']])
  })

  it('throws signed_out to the error boundary when nobody is signed in', async () => {
    const auth = pendingAuth()
    const { container } = await renderSuspending(app(auth))
    const said = await consoleDuring(() => act(async () => auth.publish({ status: 'signed-out' })))
    expect(container.textContent).toBe('signed_out')
    expect(said.join()).toContain('signed_out')
  })

  it('throws the error that ended the session', async () => {
    const auth = pendingAuth()
    auth.publish(signedIn())
    const { container } = await renderSuspending(app(auth))
    const error = new TelnyxAuthError('invalid_grant')
    await consoleDuring(() => act(async () => auth.publish({ status: 'signed-out', error })))
    expect(container.textContent).toBe('invalid_grant')
  })

  it('throws nothing below SignedIn when somebody signs out', async () => {
    const auth = pendingAuth()
    auth.publish(signedIn())
    const { container } = await renderSuspending(
      app(
        auth,
        <SignedIn>
          <TokenReader />
        </SignedIn>,
      ),
    )
    expect(container.textContent).toBe('token-1')
    const said = await consoleDuring(() => act(async () => auth.publish({ status: 'signed-out' })))
    expect([container.textContent, said]).toEqual(['', []])
  })

  it('leaves React nothing to say in a page that no test is wrapped around', async () => {
    const auth = pendingAuth()
    const container = document.createElement('div')
    const root = createRoot(container)
    const shows = (text: string) => waitFor(() => expect(container.textContent).toBe(text))
    const said = await consoleDuring(async () => {
      Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false })
      try {
        root.render(app(auth))
        await shows('waiting')
        auth.publish(signedIn())
        await shows('token-1')
      } finally {
        root.unmount()
        Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
      }
    })
    expect(said).toEqual([])
  })

  it('gives up instead of waiting for ever when the client cannot start', async () => {
    const auth = pendingAuth()
    const broken: TelnyxAuth = { ...auth, ready: () => Promise.reject(new Error('no storage, no location')) }
    const { client, calls } = countingReady(broken)
    const said = await consoleDuring(() => renderSuspending(app(client)))
    expect(document.body.textContent?.trim()).toBe('signed_out')
    expect(said.join()).toContain('signed_out')
    // One of the hook, one of the provider.
    expect(calls()).toBe(2)
  })
})

/** Counts the calls of `ready`, and handles what the provider's own call rejects with. */
function countingReady(auth: TelnyxAuth) {
  let calls = 0
  const ready: TelnyxAuth['ready'] = () => {
    calls += 1
    const promise = auth.ready()
    promise.catch(() => {})
    return promise
  }
  return { client: { ...auth, ready }, calls: () => calls }
}
