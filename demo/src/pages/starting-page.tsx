import type { JSX } from 'react'

/** Shown while the session is restored or a sign-in is finished. */
export function StartingPage(): JSX.Element {
  const isFinishing = location.pathname === '/callback'
  return (
    <div className="starting" aria-busy="true">
      <title>Telnyx OAuth console</title>
      <span className="spinner spinner-large" aria-hidden="true" />
      <h1>{isFinishing ? 'Finishing your sign-in…' : 'Looking for your session…'}</h1>
    </div>
  )
}
