import { createTelnyxAuth } from '@telnyx-oauth/core'
import { createTestAuth } from '@telnyx-oauth/core/testing'
import { TelnyxAuthProvider, useTelnyxAuth } from '@telnyx-oauth/react'
import { act, cleanup, render, waitFor } from '@testing-library/react'
import { createBrowserRouter, createMemoryRouter, RouterProvider, useLoaderData } from 'react-router'
import { afterEach, describe, expect, it } from 'vitest'
import { phoneNumbersLoader } from './recipes/phone-numbers-loader.ts'
import { signedInStorage } from './support/signed-in-storage.ts'

afterEach(cleanup)

describe('a React Router loader', () => {
  const routes = (auth: Parameters<typeof phoneNumbersLoader>[0]) => [
    { path: '/', loader: phoneNumbersLoader(auth), HydrateFallback: () => null, Component: Numbers },
    { path: '/welcome', element: 'welcome' },
  ]
  const Numbers = () => useLoaderData<{ data: string[] }>().data.join()

  it('fetches with the token of the session', async () => {
    const auth = createTestAuth({
      fetch: ({ headers }) => Response.json({ data: [headers.get('authorization')] }),
    })
    const { container } = render(<RouterProvider router={createMemoryRouter(routes(auth))} />)
    await waitFor(() => expect(container.textContent).toBe('Bearer test-token'))
  })

  it('sends whoever is signed out elsewhere', async () => {
    const auth = createTestAuth({ status: 'signed-out' })
    const router = createMemoryRouter(routes(auth))
    const { container } = render(<RouterProvider router={router} />)
    await waitFor(() => expect(container.textContent).toBe('welcome'))
    expect(router.state.location.pathname).toBe('/welcome')
  })
})

describe('the return path of a sign-in', () => {
  it('reaches React Router, without any option', async () => {
    const before = location.href
    history.replaceState(null, '', '/callback?code=used&state=tx1.used')
    const Status = () => useTelnyxAuth().status
    const router = createBrowserRouter([
      { path: '/callback', element: <Status /> },
      { path: '/', element: 'the page where it began' },
    ])
    const auth = createTelnyxAuth({ clientId: 'app', redirectUri: '/callback', storage: signedInStorage })
    try {
      const { container } = render(
        <TelnyxAuthProvider client={auth}>
          <RouterProvider router={router} />
        </TelnyxAuthProvider>,
      )
      expect(container.textContent).toBe('pending')
      await act(() => auth.ready())
      expect(container.textContent).toBe('the page where it began')
    } finally {
      router.dispose()
      auth.dispose()
      history.replaceState(null, '', before)
    }
  })
})
