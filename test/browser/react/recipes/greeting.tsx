import { userMessage } from '@telnyx-oauth/core/messages'
import { useTelnyxAuth } from '@telnyx-oauth/react'
import type { ReactNode } from 'react'

export function Greeting(): ReactNode {
  const { status, error, signIn } = useTelnyxAuth()
  if (status === 'signed-in') return <p>You are signed in</p>
  return (
    <button type="button" onClick={() => signIn()}>
      {error ? userMessage(error) : 'Sign in'}
    </button>
  )
}
