import { createTestAuth, type TestAuth } from '@telnyx-oauth/core/testing'
import { TelnyxAuthProvider } from '@telnyx-oauth/react'
import { act, cleanup, render, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Pages } from './recipes/pages.tsx'

const before = location.href
beforeEach(() => history.replaceState(null, '', '/'))
afterEach(() => {
  cleanup()
  history.replaceState(null, '', before)
})

const open = (auth: TestAuth) =>
  act(async () => {
    render(
      <TelnyxAuthProvider client={auth}>
        <Pages />
      </TelnyxAuthProvider>,
    )
  })

/** Waits until the page shows that, and nothing else. */
const shows = (text: string) => waitFor(() => expect(document.body.innerText.trim()).toBe(text))

/** Says with which token each request came. */
const echoing = (status: 'pending' | 'signed-in' | 'signed-out') =>
  createTestAuth({
    status,
    fetch: ({ headers }) => Response.json({ data: [headers.get('authorization')] }),
  })

describe('a route of TanStack Router', () => {
  it('loads with the token of the session', async () => {
    await open(echoing('signed-in'))
    await shows('Bearer test-token')
  })

  it('waits in beforeLoad until the session is known', async () => {
    const auth = echoing('pending')
    await open(auth)
    expect(document.body.textContent).not.toMatch(/Welcome|Bearer/)
    await act(() => auth.signIn())
    await shows('Bearer test-token')
  })

  it('sends whoever is signed out elsewhere', async () => {
    await open(echoing('signed-out'))
    await shows('Welcome')
    expect(location.pathname).toBe('/welcome')
  })

  it('is left by somebody who signs out, in whatever tab', async () => {
    const auth = echoing('signed-in')
    await open(auth)
    await shows('Bearer test-token')
    await act(async () => void (await auth.signOut()))
    await shows('Welcome')
  })

  it('loads again for whoever signs in next, and not for a refresh', async () => {
    const auth = echoing('signed-in')
    await open(auth)
    await shows('Bearer test-token')
    await act(() => auth.refresh())
    await shows('Bearer test-token')
    await act(() => auth.signIn())
    await shows("Bearer test-token'")
  })
})
