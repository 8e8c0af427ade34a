import { createTestAuth } from '@telnyx-oauth/core/testing'
import { TelnyxAuthProvider } from '@telnyx-oauth/react'
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { Greeting } from './greeting.tsx'

afterEach(cleanup)

it('offers to sign in, and again when the session has expired', async () => {
  const auth = createTestAuth({ status: 'signed-out' })
  const { container } = render(<Greeting />, {
    wrapper: ({ children }) => <TelnyxAuthProvider client={auth}>{children}</TelnyxAuthProvider>,
  })
  await act(async () => fireEvent.click(screen.getByText('Sign in')))
  expect(container.textContent).toBe('You are signed in')

  act(() => auth.fail('session_expired'))
  expect(screen.getByRole('button').textContent).toBe('Your session has expired. Sign in again.')
})
