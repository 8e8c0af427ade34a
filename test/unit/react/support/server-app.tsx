import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { createTelnyxAuth } from '@telnyx-oauth/core'
import {
  RequireSignIn,
  SignedIn,
  SignedOut,
  TelnyxAuthProvider,
  useSuspenseTelnyxToken,
  useTelnyxAuth,
  useTelnyxFetch,
  useTelnyxToken,
} from '@telnyx-oauth/react'
import { Suspense, version } from 'react'
import { renderToPipeableStream, renderToString } from 'react-dom/server'

const options = { clientId: 'app', redirectUri: '/callback' }

const Page = () => {
  const { status } = useTelnyxAuth()
  const { token, scopes } = useTelnyxToken()
  const telnyxFetch = useTelnyxFetch()
  return (
    <main>
      <h1>{status}</h1>
      <p>{[typeof token, scopes.length, typeof telnyxFetch].join(' ')}</p>
      <SignedIn>in</SignedIn>
      <SignedOut>out</SignedOut>
      <RequireSignIn fallback={<i>waiting</i>}>secret</RequireSignIn>
    </main>
  )
}

const TokenReader = () => <b>{useSuspenseTelnyxToken().token}</b>

const suspending = (
  <TelnyxAuthProvider {...options}>
    <Suspense fallback={<i>waiting</i>}>
      <TokenReader />
    </Suspense>
  </TelnyxAuthProvider>
)

/** What the tests ask of a server. */
export interface ServerApp {
  readonly reactVersion: string
  readonly renderWithClient: () => string
  readonly renderWithOptions: () => string
  readonly renderSuspending: () => string
  /** Streams until React says that all of it is there. @returns the HTML, and what went wrong on the way */
  readonly streamSuspending: () => Promise<{ readonly html: string; readonly errors: readonly string[] }>
}

/** @public loaded from a bundle */
export const serverApp: ServerApp = {
  reactVersion: version,
  renderWithClient: () =>
    renderToString(
      <TelnyxAuthProvider client={createTelnyxAuth(options)}>
        <Page />
      </TelnyxAuthProvider>,
    ),
  renderWithOptions: () =>
    renderToString(
      <TelnyxAuthProvider {...options}>
        <Page />
      </TelnyxAuthProvider>,
    ),
  renderSuspending: () => renderToString(suspending),
  streamSuspending: () =>
    new Promise((resolve, reject) => {
      const output = new PassThrough()
      const errors: string[] = []
      const { pipe } = renderToPipeableStream(suspending, {
        onAllReady: () => void text(pipe(output)).then((html) => resolve({ html, errors })),
        onShellError: reject,
        onError: (error) => {
          errors.push(String(error))
        },
      })
    }),
}
