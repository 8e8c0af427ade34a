import type { TelnyxAuth } from '@telnyx-oauth/core'
import {
  RequireSignIn,
  SignedIn,
  SignedOut,
  TelnyxAuthProvider,
  useSuspenseTelnyxToken,
  useTelnyxAuth,
  useTelnyxToken,
} from '@telnyx-oauth/react'
import { act } from '@testing-library/react'
import { type ReactNode, Suspense } from 'react'
import { hydrateRoot, type Root } from 'react-dom/client'
import { renderToString } from 'react-dom/server.browser'
import { afterEach, describe, expect, it } from 'vitest'
import { pendingAuth, signedIn } from '../../support/test-client.ts'
import { consoleDuring } from './support/console.ts'

const Page = () => {
  const { status } = useTelnyxAuth()
  const token = useTelnyxToken(({ token }) => token ?? 'no token')
  return (
    <main>
      <h1>{status}</h1>
      <p>{token}</p>
      <SignedIn>in</SignedIn>
      <SignedOut>out</SignedOut>
      <RequireSignIn fallback={<i>waiting</i>}>secret</RequireSignIn>
    </main>
  )
}

function containerWith(html: string): HTMLElement {
  const container = document.createElement('div')
  container.innerHTML = html
  document.body.append(container)
  return container
}

let root: Root | undefined

/** @returns what React says about it, on the console or as an error that it recovered from */
async function hydrate(app: ReactNode, container: HTMLElement): Promise<readonly string[]> {
  const recovered: string[] = []
  const onRecoverableError = (error: unknown) => void recovered.push(String(error))
  const said = await consoleDuring(() =>
    act(async () => {
      root = hydrateRoot(container, app, { onRecoverableError })
    }),
  )
  return [...said, ...recovered]
}

afterEach(() => {
  act(() => root?.unmount())
  document.body.replaceChildren()
})

describe('hydration', () => {
  it('of a page that the server rendered as pending finds nothing that differs, though somebody is signed in', async () => {
    const server = pendingAuth()
    const html = renderToString(
      <TelnyxAuthProvider client={server}>
        <Page />
      </TelnyxAuthProvider>,
    )
    expect(html).toContain('<h1>pending</h1><p>no token</p><i>waiting</i>')

    const auth = pendingAuth()
    auth.publish(signedIn())
    const container = containerWith(html)
    const heading = container.querySelector('h1')
    const said = await hydrate(
      <TelnyxAuthProvider client={auth}>
        <Page />
      </TelnyxAuthProvider>,
      container,
    )
    expect(said).toEqual([])
    expect(container.querySelector('h1')).toBe(heading)
    expect(container.textContent).toBe('signed-intoken-1insecret')
  })

  it('of a page that differs is reported, so the silence above means something', async () => {
    const auth = pendingAuth()
    const said = await hydrate(
      <TelnyxAuthProvider client={auth}>
        <Page />
      </TelnyxAuthProvider>,
      containerWith('<main><h1>signed-in</h1></main>'),
    )
    expect(said.join()).toMatch(/hydrat/i)
  })

  it('of a boundary that suspended on the server goes on in the browser', async () => {
    const TokenReader = () => <b>{useSuspenseTelnyxToken().token}</b>
    const app = (client: TelnyxAuth) => (
      <TelnyxAuthProvider client={client}>
        <Suspense fallback="waiting">
          <TokenReader />
        </Suspense>
      </TelnyxAuthProvider>
    )
    const html = renderToString(app(pendingAuth()))
    expect(html).toContain('waiting')

    const browser = pendingAuth()
    const container = containerWith(html)
    await hydrate(app(browser), container)
    await act(async () => browser.publish(signedIn()))
    expect(container.textContent).toBe('token-1')
  })
})
