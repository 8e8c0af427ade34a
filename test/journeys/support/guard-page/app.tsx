import { createTelnyxAuth, type TelnyxAuth } from '@telnyx-oauth/core'
import { signInWithPopup } from '@telnyx-oauth/core/popup'
import { RequireSignIn, TelnyxAuthProvider, useTelnyxAuth } from '@telnyx-oauth/react'
import { createRoot } from 'react-dom/client'

declare global {
  var auth: TelnyxAuth
}

globalThis.auth = createTelnyxAuth({
  clientId: 'telnyx-demo',
  redirectUri: '/callback',
  scope: 'billing.read',
  ...globalThis.tabOptions,
})

auth.onEvent((event) => {
  // biome-ignore lint/suspicious/noConsole: the journey reads the events in the console
  console.debug(JSON.stringify(event))
})

function Snapshot() {
  const { status, error } = useTelnyxAuth()
  return <output>{[status, error?.code].filter(Boolean).join(' ')}</output>
}

const openWindow = () => void signInWithPopup(auth).catch(() => {})

createRoot(document.querySelector('#root') ?? document.body).render(
  <TelnyxAuthProvider client={auth}>
    <Snapshot />
    <button type="button" onClick={openWindow}>
      Sign in through a window
    </button>
    <main>
      <RequireSignIn fallback="One moment…">The page</RequireSignIn>
    </main>
  </TelnyxAuthProvider>,
)
