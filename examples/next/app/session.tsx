'use client'

import { userMessage } from '@telnyx-oauth/core/messages'
import { useTelnyxAuth } from '@telnyx-oauth/react'

export function Session() {
  const { status, error, signIn, signOut } = useTelnyxAuth()
  if (status === 'pending') return <p>One moment…</p>
  if (status === 'signed-in')
    return (
      <button type="button" onClick={() => signOut()}>
        Sign out
      </button>
    )
  return (
    <>
      {error && <p role="alert">{userMessage(error)}</p>}
      <button type="button" onClick={() => signIn()}>
        Sign in
      </button>
    </>
  )
}
