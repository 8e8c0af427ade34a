import { SignedIn, SignedOut, useTelnyxAuth } from '@telnyx-oauth/react'
import { type JSX, useState } from 'react'
import { Shell } from './components/shell.tsx'
import { SessionPage } from './pages/session/session-page.tsx'
import type { Farewell } from './pages/sign-in/farewell.ts'
import { SignInPage } from './pages/sign-in/sign-in-page.tsx'
import { StartingPage } from './pages/starting-page.tsx'

/** The console: one frame, and in it what the session allows. */
export function App(): JSX.Element {
  const { status, sessionId, signOut } = useTelnyxAuth()
  const [farewell, setFarewell] = useState<Farewell>()
  const leave = async () => {
    setFarewell({ sessionId })
    setFarewell({ sessionId, result: await signOut() })
  }
  return (
    <Shell>
      {status === 'pending' && <StartingPage />}
      <SignedOut>
        <SignInPage farewell={farewell} />
      </SignedOut>
      <SignedIn>
        <SessionPage onSignOut={leave} />
      </SignedIn>
    </Shell>
  )
}
