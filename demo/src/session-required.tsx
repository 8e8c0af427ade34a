import { useTelnyxAuth } from '@telnyx-oauth/react'
import { type JSX, lazy, Suspense } from 'react'
import { Outlet } from 'react-router'
import { useConsole } from './console-context.ts'
import { StartingPage } from './pages/starting-page.tsx'

const SignInPage = lazy(async () => {
  const { SignInPage } = await import('./pages/sign-in/sign-in-page.tsx')
  return { default: SignInPage }
})

/** Shows a page to whoever is signed in, and to everybody else the way there. */
export function SessionRequired(): JSX.Element {
  const { status } = useTelnyxAuth()
  const context = useConsole()
  if (status === 'signed-in') return <Outlet context={context} />
  if (status === 'pending') return <StartingPage />
  return (
    <Suspense fallback={<StartingPage />}>
      <SignInPage farewell={context.farewell} />
    </Suspense>
  )
}
