import type { JSX } from 'react'
import { useEventLog } from '../../events/use-event-log.ts'
import { type Farewell, farewellSentence } from './farewell.ts'

/** What this page is for; after a sign-out, first how that went. */
export function Invitation({ farewell }: { readonly farewell: Farewell | undefined }): JSX.Element {
  const sentence = farewellSentence(useEventLog(), farewell)
  return (
    <>
      {sentence && <p className="farewell">{sentence}</p>}
      <h1>Your Telnyx session, in plain view</h1>
      <p className="sign-in-lead">
        Sign in from a page that has no backend. Then watch the token count down, renew itself and follow you
        from tab to tab.
      </p>
    </>
  )
}
