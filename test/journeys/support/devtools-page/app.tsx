import { createTelnyxAuth } from '@telnyx-oauth/core'
import { TelnyxAuthProvider } from '@telnyx-oauth/react'
import { TelnyxAuthDevtools } from '@telnyx-oauth/react/devtools'
import { createRoot } from 'react-dom/client'

declare global {
  /** Whether the app asks for its devtools; set by the journey before the page loads, as `tabOptions` are. */
  var withDevtools: boolean | undefined
}

const auth = createTelnyxAuth({
  clientId: 'telnyx-demo',
  redirectUri: '/callback',
  scope: 'billing.read',
  ...globalThis.tabOptions,
})

createRoot(document.querySelector('#root') ?? document.body).render(
  <TelnyxAuthProvider client={auth}>
    <TelnyxAuthDevtools showInProduction={globalThis.withDevtools === true} />
  </TelnyxAuthProvider>,
)
