import type { AuthSnapshot } from '@telnyx-oauth/core'
import type { TestAuth } from '@telnyx-oauth/core/testing'
import {
  RequireSignIn,
  SignedIn,
  TelnyxAuthProvider,
  useTelnyxAuth,
  useTelnyxAuthClient,
  useTelnyxFetch,
  useTelnyxToken,
} from '@telnyx-oauth/react'
import { act, cleanup, render } from '@testing-library/react'
import { type FunctionComponent, Profiler } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { pendingAuth, refreshOf, signedIn } from '../../support/test-client.ts'

afterEach(cleanup)

const before = signedIn()

/** Mounts `useIt` in a component of its own. @returns what it returned, one entry per render */
function rendersOf<Answer>(fake: TestAuth, useIt: () => Answer): Answer[] {
  const renders: Answer[] = []
  const Reader: FunctionComponent = () => {
    renders.push(useIt())
    return null
  }
  render(<Reader />, {
    wrapper: ({ children }) => <TelnyxAuthProvider client={fake}>{children}</TelnyxAuthProvider>,
  })
  return renders
}

function publishOneByOne(fake: TestAuth, snapshots: readonly AuthSnapshot[]): void {
  for (const snapshot of snapshots) act(() => fake.publish(snapshot))
}

function signedInAuth(): TestAuth {
  const fake = pendingAuth()
  fake.publish(before)
  return fake
}

describe('a token refresh', () => {
  it.each([
    ['the token', () => useTelnyxToken().token],
    ['the token, the expiry and the scopes', () => ({ ...useTelnyxToken() })],
    ['the expiry, by a selector', () => useTelnyxToken(({ expiresAtMs }) => expiresAtMs)],
  ])('renders a reader of %s exactly once', (_what, useIt) => {
    const fake = signedInAuth()
    const renders = rendersOf<unknown>(fake, useIt)
    expect(renders).toHaveLength(1)
    publishOneByOne(fake, refreshOf(before))
    expect(renders).toHaveLength(2)
    expect(renders[1]).not.toEqual(renders[0])
  })

  it.each([
    ['the status', () => useTelnyxAuth().status],
    ['the status and the error, destructured', () => destructured()],
    ['the status, by a selector', () => useTelnyxAuth((auth) => auth.status)],
    ['the session id', () => useTelnyxAuth().sessionId],
    ['the scopes, by a selector', () => useTelnyxToken(({ scopes }) => scopes)],
    ['an object that a selector makes', () => useTelnyxAuth(({ status, signIn }) => ({ status, signIn }))],
    ['an array that a selector makes', () => useTelnyxToken(({ scopes }) => scopes.filter((one) => one))],
    ['the actions alone', () => useTelnyxAuth().signOut],
    ['the client', () => useTelnyxAuthClient()],
    ['fetch', () => useTelnyxFetch()],
  ])('does not render a reader of %s', (_what, useIt) => {
    const fake = signedInAuth()
    const renders = rendersOf<unknown>(fake, useIt)
    publishOneByOne(fake, refreshOf(before))
    expect(renders).toHaveLength(1)
  })

  it('renders a reader of isRefreshing as it begins and as it ends', () => {
    const fake = signedInAuth()
    const renders = rendersOf(fake, () => useTelnyxAuth((auth) => auth.isRefreshing))
    publishOneByOne(fake, refreshOf(before))
    expect(renders).toEqual([false, true, false])
  })

  it('does not render what guards have as children', () => {
    const fake = signedInAuth()
    let renders = 0
    const Page = () => {
      renders += 1
      return null
    }
    const page = <Page />
    render(
      <TelnyxAuthProvider client={fake}>
        <SignedIn>{page}</SignedIn>
        <RequireSignIn>{page}</RequireSignIn>
      </TelnyxAuthProvider>,
    )
    expect(renders).toBe(2)
    publishOneByOne(fake, refreshOf(before))
    expect(renders).toBe(2)
  })
})

function destructured(): unknown[] {
  const { status, error, signIn, signOut } = useTelnyxAuth()
  return [status, error, signIn, signOut]
}

describe('10,000 token readers', () => {
  it('are brought up to date in one pass, and nothing else is rendered', () => {
    const fake = signedInAuth()
    let renders = 0
    let appRenders = 0
    let passes = 0
    const countPass = () => {
      passes += 1
    }
    const Reader = () => {
      renders += 1
      return <i>{useTelnyxToken().token}</i>
    }
    const readers = Array.from({ length: 10_000 }, (_, index) => index)
    const App = () => {
      appRenders += 1
      return readers.map((index) => <Reader key={index} />)
    }
    const { container } = render(
      <TelnyxAuthProvider client={fake}>
        <Profiler id="app" onRender={countPass}>
          <App />
        </Profiler>
      </TelnyxAuthProvider>,
    )
    expect([renders, appRenders, passes]).toEqual([10_000, 1, 1])

    publishOneByOne(fake, refreshOf(before))

    expect([renders, appRenders, passes]).toEqual([20_000, 1, 2])
    expect(container.querySelectorAll('i')).toHaveLength(10_000)
    expect(container.lastChild?.textContent).toBe('token-1, renewed')
  })
})

describe('a change of the status', () => {
  it('renders its readers once each', () => {
    const fake = pendingAuth()
    const renders = rendersOf(fake, () => useTelnyxAuth().status)
    publishOneByOne(fake, [signedIn(), { status: 'signed-out' }])
    expect(renders).toEqual(['pending', 'signed-in', 'signed-out'])
  })

  it('renders token readers of nobody with the same empty scopes', () => {
    const fake = pendingAuth()
    const renders = rendersOf(fake, () => useTelnyxToken())
    publishOneByOne(fake, [{ status: 'signed-out' }])
    expect(renders).toEqual([{ token: undefined, expiresAtMs: undefined, scopes: [], isStale: false }])
  })
})
