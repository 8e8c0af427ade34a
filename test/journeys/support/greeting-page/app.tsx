import { createTelnyxAuth } from '@telnyx-oauth/core'
import { TelnyxAuthProvider } from '@telnyx-oauth/react'
import { createRoot } from 'react-dom/client'
import { Greeting } from '../../../browser/react/recipes/greeting.tsx'

const auth = createTelnyxAuth({
  issuer: globalThis.telnyxIssuer ?? import.meta.env.VITE_TELNYX_ISSUER,
  clientId: 'telnyx-demo',
  redirectUri: '/callback',
  scope: 'billing.read',
})

createRoot(document.querySelector('#root') ?? document.body).render(
  <TelnyxAuthProvider client={auth}>
    <Greeting />
  </TelnyxAuthProvider>,
)
