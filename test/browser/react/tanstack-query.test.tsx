import { createTestAuth } from '@telnyx-oauth/core/testing'
import { TelnyxAuthProvider } from '@telnyx-oauth/react'
import { act, cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { createDeferred } from '../../support/deferred.ts'
import { Balance } from './recipes/balance.tsx'
import { QueriesOfSession } from './recipes/queries-of-session.tsx'

afterEach(cleanup)

it('the cache of TanStack Query is empty for the next session and kept across a refresh', async () => {
  const second = createDeferred<Response>()
  const balance = (amount: string) => Response.json({ data: { balance: amount } })
  const answers = [Promise.resolve(balance('1.00')), second.promise]
  const asked: string[] = []
  const auth = createTestAuth({
    fetch: (request) => {
      asked.push(request.headers.get('authorization') ?? '')
      return answers[asked.length - 1] ?? balance('none left')
    },
  })
  const { container } = render(
    <TelnyxAuthProvider client={auth}>
      <QueriesOfSession>
        <Balance />
      </QueriesOfSession>
    </TelnyxAuthProvider>,
  )
  await screen.findByText('Balance: 1.00')

  await act(() => auth.refresh())
  expect([container.textContent, asked]).toEqual(['Balance: 1.00', ['Bearer test-token']])

  await act(() => auth.signIn())
  expect(container.textContent).toBe('One moment…')
  second.resolve(balance('2.00'))
  await screen.findByText('Balance: 2.00')
  expect(asked).toHaveLength(2)
})
