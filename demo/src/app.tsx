import type { SignOutResult } from '@telnyx-oauth/core'
import { SignedIn, SignedOut, useTelnyxAuth } from '@telnyx-oauth/react'
import { type JSX, useState } from 'react'
import { Shell } from './components/shell.tsx'
import { SessionPage } from './pages/session/session-page.tsx'
import { SignInPage } from './pages/sign-in/sign-in-page.tsx'
import { StartingPage } from './pages/starting-page.tsx'

/** The console: one frame, and in it what the session allows. */
export function App(): JSX.Element {
  const { status } = useTelnyxAuth()
  const [farewell, setFarewell] = useState<SignOutResult>()
  return (
    <Shell>
      {status === 'pending' && <StartingPage />}
      <SignedOut>
        <SignInPage farewell={farewell} />
      </SignedOut>
      <SignedIn>
        <SessionPage onSignedOut={setFarewell} />
      </SignedIn>
    </Shell>
  )
}
