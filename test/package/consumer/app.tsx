// The ten lines of the README, in a project that knows the packages only from their tarballs.
import { createTelnyxAuth, isTelnyxAuthError, type TelnyxAuth } from '@telnyx-oauth/core'
import { registerClient } from '@telnyx-oauth/core/register'
import { SignedIn, SignedOut, TelnyxAuthProvider, useTelnyxAuth, useTelnyxToken } from '@telnyx-oauth/react'
import type { ReactElement } from 'react'

const auth = createTelnyxAuth({
  clientId: 'telnyx-demo',
  redirectUri: '/callback',
  scope: ['messaging.read', 'voice.write'],
})

export function Root(): ReactElement {
  return (
    <TelnyxAuthProvider client={auth}>
      <SignedIn>
        <Session />
      </SignedIn>
      <SignedOut>nobody</SignedOut>
    </TelnyxAuthProvider>
  )
}

function Session(): ReactElement {
  const { status, error, signIn, signOut } = useTelnyxAuth()
  const { token, expiresAtMs, scopes } = useTelnyxToken()
  // @ts-expect-error the status is one of three words: a declaration that got lost would make it `any`
  if (status === 'signed-on') throw new TypeError()
  if (error && isTelnyxAuthError(error)) return <p role="alert">{error.code}</p>
  return (
    <button type="button" onClick={() => void (token ? signOut() : signIn())}>
      {scopes?.join(' ')} until {expiresAtMs}
    </button>
  )
}

export async function load(): Promise<unknown> {
  await auth.ready()
  const response = await auth.fetch('https://api.telnyx.com/v2/phone_numbers')
  return response.json()
}

export async function registerItself(): Promise<TelnyxAuth> {
  const client = await registerClient({ redirectUri: '/callback', scope: 'messaging.read' })
  return createTelnyxAuth({ ...client, scope: client.scopes })
}

// @ts-expect-error a client without its id is refused
createTelnyxAuth({ redirectUri: '/callback' })
