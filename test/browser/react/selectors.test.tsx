import { TelnyxAuthProvider, useTelnyxAuth, useTelnyxToken } from '@telnyx-oauth/react'
import { act, cleanup, render } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { countSubscriptions, pendingAuth, refreshOf, signedIn } from '../../support/test-client.ts'
import { consoleOf } from './support/console.ts'
import { ErrorBoundary } from './support/error-boundary.tsx'

afterEach(cleanup)

const before = signedIn()
const [refreshing, renewed] = refreshOf(before)

describe('a reader', () => {
  it('sees the present value of a member that it reads for the first time', () => {
    const auth = pendingAuth()
    auth.publish(before)
    const seen: unknown[] = []
    const Reader = ({ readsMore }: { readsMore: boolean }) => {
      const auth = useTelnyxAuth()
      seen.push(auth.status, readsMore && auth.isRefreshing)
      return null
    }
    const app = (readsMore: boolean) => (
      <TelnyxAuthProvider client={auth}>
        <Reader readsMore={readsMore} />
      </TelnyxAuthProvider>
    )
    const { rerender } = render(app(false))
    act(() => auth.publish(refreshing))
    expect(seen).toEqual(['signed-in', false])

    rerender(app(true))
    act(() => auth.publish(renewed))
    expect(seen.slice(2)).toEqual(['signed-in', true, 'signed-in', false])
  })

  it('that spreads the state follows all of it', () => {
    const auth = pendingAuth()
    auth.publish(before)
    const seen: boolean[] = []
    const Reader = () => {
      seen.push({ ...useTelnyxAuth() }.isRefreshing)
      return null
    }
    render(<Reader />, {
      wrapper: ({ children }) => <TelnyxAuthProvider client={auth}>{children}</TelnyxAuthProvider>,
    })
    act(() => auth.publish(refreshing))
    expect(seen).toEqual([false, true])
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
      isRefreshing: false,
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

  it('that is neither plain nor the same again renders once per snapshot and never in circles', () => {
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
    expect([container.textContent, renders]).toEqual(['2', 3])
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
