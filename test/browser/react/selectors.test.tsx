import { TelnyxAuthProvider, useTelnyxAuth, useTelnyxToken } from '@telnyx-oauth/react'
import { act, cleanup, render, renderHook } from '@testing-library/react'
import { useEffect, useState } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { countSubscriptions, pendingAuth, refreshOf, signedIn } from '../../support/test-client.ts'
import { consoleOf } from './support/console.ts'
import { ErrorBoundary } from './support/error-boundary.tsx'

afterEach(cleanup)

const before = signedIn()
const [refreshing, renewed] = refreshOf(before)

describe('a reader', () => {
  it('gets the same object at every render, until a member changes', () => {
    const auth = pendingAuth()
    auth.publish(before)
    const seen: unknown[] = []
    const Reader = () => {
      seen.push(useTelnyxAuth())
      return null
    }
    const app = () => (
      <TelnyxAuthProvider client={auth}>
        <Reader />
        <Reader />
      </TelnyxAuthProvider>
    )
    const { rerender } = render(app())
    for (const snapshot of [refreshing, renewed]) act(() => auth.publish(snapshot))
    rerender(app())
    expect(seen).toHaveLength(4)
    expect(new Set(seen).size).toBe(1)
    act(() => auth.publish({ status: 'signed-out' }))
    expect(new Set(seen).size).toBe(2)
  })

  it('that signs in from an effect which depends on the whole object does so once', () => {
    const auth = pendingAuth()
    const signIn = vi.fn(() => new Promise<void>(() => {}))
    const client = { ...auth, signIn }
    const App = () => {
      const state = useTelnyxAuth()
      const [, setCount] = useState(0)
      useEffect(() => {
        setCount((count) => count + 1)
        if (state.status === 'signed-out') void state.signIn()
      }, [state])
      return null
    }
    render(
      <TelnyxAuthProvider client={client}>
        <App />
      </TelnyxAuthProvider>,
    )
    act(() => auth.publish({ status: 'signed-out' }))
    expect(signIn).toHaveBeenCalledTimes(1)
  })

  it('that reads nothing while rendering follows all the same', () => {
    const auth = pendingAuth()
    const { result } = renderHook(() => useTelnyxAuth(), {
      wrapper: ({ children }) => <TelnyxAuthProvider client={auth}>{children}</TelnyxAuthProvider>,
    })
    act(() => auth.publish(before))
    expect(result.current.status).toBe('signed-in')
  })

  it('finds no token among what useTelnyxAuth returns', () => {
    const auth = pendingAuth()
    auth.publish(before)
    let state: object = {}
    const Reader = () => {
      state = useTelnyxAuth()
      return null
    }
    render(<Reader />, {
      wrapper: ({ children }) => <TelnyxAuthProvider client={auth}>{children}</TelnyxAuthProvider>,
    })
    expect(state).toEqual({
      status: 'signed-in',
      error: undefined,
      sessionId: 'session-1',
      isStale: false,
      signIn: auth.signIn,
      signOut: auth.signOut,
      refresh: auth.refresh,
    })
  })

  it('follows another client when the provider is given one', () => {
    const first = countSubscriptions(pendingAuth())
    const second = countSubscriptions(pendingAuth())
    first.publish(signedIn({ sessionId: 'first' }))
    second.publish(signedIn({ sessionId: 'second' }))
    const Reader = () => <b>{useTelnyxAuth().sessionId}</b>
    const app = (auth: typeof first) => (
      <TelnyxAuthProvider client={auth}>
        <Reader />
      </TelnyxAuthProvider>
    )
    const { container, rerender } = render(app(first))
    rerender(app(second))
    expect(container.textContent).toBe('second')
    act(() => first.publish(signedIn({ sessionId: 'first again' })))
    expect(container.textContent).toBe('second')
    act(() => second.publish(signedIn({ sessionId: 'second again' })))
    expect(container.textContent).toBe('second again')
    expect([first.subscriptions(), second.subscriptions()]).toEqual([0, 1])
  })
})

describe('a selection', () => {
  it('keeps its identity while its members stay, whoever renders the component', () => {
    const auth = pendingAuth()
    auth.publish(before)
    const seen: unknown[] = []
    const Reader = () => {
      seen.push(useTelnyxToken(({ scopes }) => scopes.map((scope) => scope.toUpperCase())))
      return null
    }
    const app = () => (
      <TelnyxAuthProvider client={auth}>
        <Reader />
      </TelnyxAuthProvider>
    )
    const { rerender } = render(app())
    rerender(app())
    act(() => auth.publish(renewed))
    rerender(app())
    expect(seen).toHaveLength(3)
    expect(new Set(seen).size).toBe(1)
    expect(seen[0]).toEqual(['MESSAGING.READ', 'VOICE.WRITE'])
  })

  it('follows what its selector closes over', () => {
    const auth = pendingAuth()
    auth.publish(before)
    const Reader = ({ scope }: { scope: string }) => (
      <b>{String(useTelnyxToken(({ scopes }) => scopes.includes(scope)))}</b>
    )
    const app = (scope: string) => (
      <TelnyxAuthProvider client={auth}>
        <Reader scope={scope} />
      </TelnyxAuthProvider>
    )
    const { container, rerender } = render(app('messaging.read'))
    expect(container.textContent).toBe('true')
    rerender(app('voice.read'))
    expect(container.textContent).toBe('false')
  })

  it('that is neither plain nor the same again renders once per state and never in circles', () => {
    const auth = pendingAuth()
    auth.publish(before)
    let renders = 0
    const Reader = () => {
      renders += 1
      return <b>{useTelnyxToken(({ scopes }) => new Set(scopes)).size}</b>
    }
    const { container } = render(<Reader />, {
      wrapper: ({ children }) => <TelnyxAuthProvider client={auth}>{children}</TelnyxAuthProvider>,
    })
    act(() => auth.publish(refreshing))
    act(() => auth.publish(renewed))
    expect([container.textContent, renders]).toEqual(['2', 2])
  })

  it('whose selector throws reaches the error boundary', () => {
    const auth = pendingAuth()
    auth.publish(before)
    const Reader = () =>
      useTelnyxAuth(({ isRefreshing }) => {
        if (isRefreshing) throw new Error('thrown by the selector')
        return 'fine'
      })
    const { container } = render(
      <ErrorBoundary>
        <TelnyxAuthProvider client={auth}>
          <Reader />
        </TelnyxAuthProvider>
      </ErrorBoundary>,
    )
    expect(container.textContent).toBe('fine')
    const said = consoleOf(() => act(() => auth.publish(refreshing)))
    expect(container.textContent).toBe('thrown by the selector')
    expect(said.join()).toContain('thrown by the selector')
  })
})
