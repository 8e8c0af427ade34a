import { useTelnyxAuth, useTelnyxAuthClient } from '@telnyx-oauth/react'
import { type JSX, startTransition, useEffect, useState } from 'react'
import { Navigate, useNavigation } from 'react-router'
import { StartingPage } from './starting-page.tsx'

/** The redirect URI. A sign-in leaves it for the page where it began; who came by hand is sent to the first page. */
export function CallbackPage(): JSX.Element {
  const client = useTelnyxAuthClient()
  const { status } = useTelnyxAuth()
  const { state } = useNavigation()
  const [isFinished, setIsFinished] = useState(false)
  useEffect(() => {
    // In a transition, as the router's own changes are: it must not overtake the return path.
    void client.ready().then(() => startTransition(() => setIsFinished(true)))
  }, [client])
  if (isFinished && state === 'idle' && status === 'signed-in') return <Navigate to="/" replace />
  return <StartingPage />
}
