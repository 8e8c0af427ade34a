import { useTelnyxAuth } from '@telnyx-oauth/react'
import type { JSX } from 'react'

const WORDS = { pending: 'Starting', 'signed-out': 'Signed out', 'signed-in': 'Signed in' }

/** The state of the session in two words; changes are announced. */
export function SessionStatus(): JSX.Element {
  const { status } = useTelnyxAuth()
  return (
    <p className={`status-pill status-${status}`} role="status">
      {WORDS[status]}
    </p>
  )
}
