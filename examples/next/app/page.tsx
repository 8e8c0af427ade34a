import { SignedIn, SignedOut } from '@telnyx-oauth/react'
import { Session } from './session'

/**
 * A server component: guards are client components of the library, and their children come from the server. They show
 * or hide and keep no secrets: whatever stands in them is sent to everybody.
 */
export default function Page() {
  return (
    <main>
      <h1>Sign in with Telnyx</h1>
      <Session />
      <SignedIn>
        <p>For people who are signed in.</p>
      </SignedIn>
      <SignedOut>
        <p>For everybody else.</p>
      </SignedOut>
    </main>
  )
}
