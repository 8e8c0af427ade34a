import type { SignOutResult } from '@telnyx-oauth/core'
import type { JSX } from 'react'
import { useEventLog } from '../../events/use-event-log.ts'

const REVOCATION: Readonly<Record<NonNullable<SignOutResult['reason']>, string>> = {
  not_supported: 'The server cannot revoke tokens, so the last one stays valid there until it expires.',
  failed: 'The server did not confirm that the tokens are revoked.',
  not_requested: 'The tokens were not revoked at the server.',
  not_signed_in: 'Nobody was signed in.',
}

/** What this page is for; after a sign-out, first how that went. */
export function Invitation({ farewell }: { readonly farewell: SignOutResult | undefined }): JSX.Element {
  const hasSignedOut = useEventLog().some(({ event }) => event.type === 'signed-out')
  return (
    <>
      {hasSignedOut && <p className="farewell">{farewellSentence(farewell)}</p>}
      <h1>Your Telnyx session, in plain view</h1>
      <p className="sign-in-lead">
        Sign in from a page that has no backend. Then watch the token count down, renew itself and follow you
        from tab to tab.
      </p>
    </>
  )
}

function farewellSentence(farewell: SignOutResult | undefined): string {
  if (!farewell) return 'You were signed out in another tab, so this tab is signed out too.'
  const consequence = farewell.reason ? REVOCATION[farewell.reason] : 'The tokens are revoked.'
  return `You are signed out in every tab of this browser. ${consequence}`
}
