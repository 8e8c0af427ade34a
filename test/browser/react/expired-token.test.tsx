import { createTelnyxAuth } from '@telnyx-oauth/core'
import { TelnyxAuthProvider, useSuspenseTelnyxToken, useTelnyxToken } from '@telnyx-oauth/react'
import { act, cleanup, render, waitFor } from '@testing-library/react'
import { Suspense } from 'react'
import { afterEach, expect, it } from 'vitest'
import { createDeferred } from '../../support/deferred.ts'
import { createExpiredStorage } from './support/signed-in-storage.ts'

afterEach(cleanup)

it.each([
  ['useTelnyxToken', useTelnyxToken],
  ['useSuspenseTelnyxToken', useSuspenseTelnyxToken],
])('%s never shows a token that expired before the page was loaded as valid', async (title, useToken) => {
  const refreshed = createDeferred<Response>()
  const client = createTelnyxAuth({
    clientId: 'demo',
    redirectUri: '/callback',
    sessionName: title,
    storage: createExpiredStorage(),
    metadata: {
      authorization_endpoint: 'https://api.telnyx.com/v2/oauth/authorize',
      token_endpoint: 'https://api.telnyx.com/v2/oauth/token',
    },
    fetch: () => refreshed.promise,
  })
  const texts: string[] = []
  const Reader = () => {
    const { token, isStale } = useToken()
    texts.push(`${token} ${isStale ? 'stale' : 'valid'}`)
    return texts.at(-1)
  }
  const { container } = await act(async () =>
    render(
      <TelnyxAuthProvider client={client}>
        <Suspense>
          <Reader />
        </Suspense>
      </TelnyxAuthProvider>,
    ),
  )
  await waitFor(() => expect(container.textContent).toBe('expired stale'))
  await act(async () =>
    refreshed.resolve(Response.json({ access_token: 'new', token_type: 'Bearer', expires_in: 1800 })),
  )
  // The code that refreshes is loaded here: on a busy machine that takes longer than the second of Testing Library.
  await waitFor(() => expect(container.textContent).toBe('new valid'), { timeout: 10_000 })
  expect(texts).not.toContain('expired valid')
  client.dispose()
})
