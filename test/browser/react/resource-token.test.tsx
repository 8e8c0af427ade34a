import { type TelnyxAuth, TelnyxAuthError, type TokenTarget } from '@telnyx-oauth/core'
import { createTestAuth } from '@telnyx-oauth/core/testing'
import { TelnyxAuthProvider } from '@telnyx-oauth/react'
import { useSuspenseTelnyxResourceToken } from '@telnyx-oauth/react/resource'
import { act, cleanup, render } from '@testing-library/react'
import { type ReactNode, StrictMode, Suspense } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createDeferred, type Deferred } from '../../support/deferred.ts'
import { pendingAuth, refreshOf, signedIn } from '../../support/test-client.ts'
import { consoleDuring } from './support/console.ts'
import { ErrorBoundary } from './support/error-boundary.tsx'

afterEach(cleanup)

const mcp = 'https://mcp.example.com'
const files = 'https://files.example.com'

/** A client whose requests for a token are in `asked`, in order, and wait for a response of the test. */
function createAsking() {
  const fake = pendingAuth()
  const asked: { choice: object; answer: Deferred<string> }[] = []
  const getAccessToken: TelnyxAuth['getAccessToken'] = (choice = {}) => {
    const answer = createDeferred<string>()
    asked.push({ choice, answer })
    return answer.promise
  }
  return { fake, client: { ...fake, getAccessToken }, asked }
}

const Token = (choice: TokenTarget) => <b>{useSuspenseTelnyxResourceToken(choice).token}</b>

async function show(client: TelnyxAuth, children: ReactNode) {
  const app = (
    <StrictMode>
      <TelnyxAuthProvider client={client}>
        <ErrorBoundary>
          <Suspense fallback="waiting">{children}</Suspense>
        </ErrorBoundary>
      </TelnyxAuthProvider>
    </StrictMode>
  )
  const { container, rerender } = await act(async () => render(app))
  return { text: () => container.textContent, again: () => act(async () => rerender(app)) }
}

describe('useSuspenseTelnyxResourceToken', () => {
  it('suspends until the token is there, and asks once for all readers and attempts', async () => {
    const { fake, client, asked } = createAsking()
    const { text, again } = await show(
      client,
      <>
        <Token resource={mcp} />
        <Token resource={mcp} />
      </>,
    )
    expect([text(), asked.length]).toEqual(['waiting', 0])
    await act(async () => fake.publish(signedIn()))
    await again()
    expect(text()).toBe('waiting')
    expect(asked.map(({ choice }) => choice)).toEqual([{ resource: mcp }])
    await act(async () => asked[0]?.answer.resolve('for mcp'))
    await again()
    expect([text(), asked.length]).toEqual(['for mcpfor mcp', 1])
  })

  it('asks for each resource and each set of scopes', async () => {
    const { fake, client, asked } = createAsking()
    fake.publish(signedIn())
    await show(
      client,
      <>
        <Suspense>
          <Token resource={mcp} />
        </Suspense>
        <Suspense>
          <Token resource={files} />
        </Suspense>
        <Suspense>
          <Token scope={['voice.write']} />
        </Suspense>
      </>,
    )
    expect(asked.map(({ choice }) => choice)).toEqual([
      { resource: mcp },
      { resource: files },
      { scope: ['voice.write'] },
    ])
  })

  it('asks anew when the session has a newer token, once, and shows the old one meanwhile', async () => {
    const { fake, client, asked } = createAsking()
    const before = signedIn()
    fake.publish(before)
    const { text } = await show(
      client,
      <>
        <Token resource={mcp} />
        <Token resource={mcp} />
      </>,
    )
    await act(async () => asked[0]?.answer.resolve('old '))
    for (const next of refreshOf(before)) await act(async () => fake.publish(next))
    expect(text()).toBe('old old ')
    expect(asked.slice(1).map(({ choice }) => choice)).toEqual([{ resource: mcp, minValidityMs: Infinity }])
    await act(async () => asked[1]?.answer.resolve('new '))
    expect(text()).toBe('new new ')
  })

  it('goes on with the old one when there is no newer one', async () => {
    const { fake, client, asked } = createAsking()
    const before = signedIn()
    fake.publish(before)
    const { text } = await show(client, <Token resource={mcp} />)
    await act(async () => asked[0]?.answer.resolve('old'))
    for (const next of refreshOf(before)) await act(async () => fake.publish(next))
    await act(async () => asked[1]?.answer.reject(new TelnyxAuthError('network_error')))
    expect(text()).toBe('old')
  })

  it('throws why there is no such token to the error boundary', async () => {
    const { fake, client, asked } = createAsking()
    fake.publish(signedIn())
    const { text } = await show(client, <Token resource={mcp} />)
    const said = await consoleDuring(() =>
      act(async () => asked[0]?.answer.reject(new TelnyxAuthError('insufficient_scope'))),
    )
    expect([text(), asked.length]).toEqual(['insufficient_scope', 1])
    expect(said.join()).toContain('insufficient_scope')
  })

  it('asks again after a failure when the session has a newer token', async () => {
    const { fake, client, asked } = createAsking()
    const before = signedIn()
    fake.publish(before)
    await consoleDuring(async () => {
      const { text } = await show(client, <Token resource={mcp} />)
      await act(async () => asked[0]?.answer.reject(new TelnyxAuthError('network_error')))
      expect(text()).toBe('network_error')
      cleanup()
      const again = await show(client, <Token resource={mcp} />)
      expect([again.text(), asked.length]).toEqual(['network_error', 1])
      cleanup()
    })
    for (const next of refreshOf(before)) fake.publish(next)
    const { text } = await show(client, <Token resource={mcp} />)
    await act(async () => asked[1]?.answer.resolve('for mcp'))
    expect(text()).toBe('for mcp')
  })

  it('asks again a second after a failure, when an error boundary renders again', async () => {
    const { fake, client, asked } = createAsking()
    fake.publish(signedIn())
    await consoleDuring(async () => {
      const { text } = await show(client, <Token resource={mcp} />)
      await act(async () => asked[0]?.answer.reject(new TelnyxAuthError('network_error')))
      expect(text()).toBe('network_error')
      cleanup()
    })
    vi.setSystemTime(Date.now() + 1000)
    const { text } = await show(client, <Token resource={mcp} />)
    vi.useRealTimers()
    await act(async () => asked[1]?.answer.resolve('for mcp'))
    expect([text(), asked.length]).toEqual(['for mcp', 2])
  })

  it('shows nobody the token of another session', async () => {
    const { fake, client, asked } = createAsking()
    fake.publish(signedIn())
    const { text } = await show(client, <Token resource={mcp} />)
    await act(async () => asked[0]?.answer.resolve('of the first person'))
    await act(async () => fake.publish(signedIn({ sessionId: 'session-2' })))
    expect([text(), asked.length]).toEqual(['of the first personwaiting', 2])
    await act(async () => asked[1]?.answer.resolve('of the second person'))
    expect(text()).toBe('of the second person')
  })

  it('throws signed_out where nobody is signed in, and asks for nothing', async () => {
    const { fake, client, asked } = createAsking()
    fake.publish({ status: 'signed-out' })
    const shown: string[] = []
    await consoleDuring(async () => {
      const { text } = await show(client, <Token resource={mcp} />)
      shown.push(text() ?? '')
    })
    expect([shown, asked]).toEqual([['signed_out'], []])
  })

  it('works with a test client', async () => {
    const auth = createTestAuth()
    const { text } = await show(auth, <Token resource={mcp} scope="voice.write" />)
    expect(text()).toBe(`test-token@${mcp}@voice.write`)
    await act(() => auth.refresh())
    expect(text()).toBe(`test-token'@${mcp}@voice.write`)
  })
})
