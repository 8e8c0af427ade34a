import type { JSX } from 'react'
import { useSearchParams } from 'react-router'
import { EmptyState } from '../../components/empty-state.tsx'
import { PageHeading } from '../../components/page-heading.tsx'
import { ProblemNote } from '../../components/problem-note.tsx'
import { FRAMED } from './consent-problems.ts'
import { ConsentRequest } from './consent-request.tsx'
import '../../styles/consent.css'

/** Where a server sends people whom an app asks for access: they see who asks for what, and decide. */
export function ConsentPage(): JSX.Element {
  const [address] = useSearchParams()
  const token = address.get('consent_token')
  return (
    <div className="page consent">
      <PageHeading title="An app asks for access">
        You decide as the person who is signed in to this console.
      </PageHeading>
      {isFramed() ? (
        <ProblemNote problem={FRAMED} />
      ) : token ? (
        <ConsentRequest key={token} token={token} />
      ) : (
        <NoRequest />
      )}
    </div>
  )
}

// Another site could lay its own words over the buttons.
function isFramed(): boolean {
  return window.top !== window.self
}

function NoRequest(): JSX.Element {
  return (
    <EmptyState title="Nobody asks right now">
      <p>
        When an app wants to use a Telnyx account, it sends the person to the authorization server, and that
        one sends them here, with a <code>consent_token</code> in the address. It stands for the request: who
        asks, and for what.
      </p>
      <p>So there is nothing to open here by hand. Begin in the app that wants access.</p>
    </EmptyState>
  )
}
