import type { ConsentDetails } from '@telnyx-oauth/api'
import type { JSX } from 'react'
import { Skeleton } from '../../components/skeleton.tsx'
import { ClientIdentity } from './client-identity.tsx'
import { ConsentFailure } from './consent-failure.tsx'
import { Decision } from './decision.tsx'
import { RequestedScopes } from './requested-scopes.tsx'
import { useConsentDetails } from './use-consent-details.ts'

/** What a consent token asks for, and the buttons that answer it. */
export function ConsentRequest({ token }: { readonly token: string }): JSX.Element {
  const { data, error, refetch } = useConsentDetails(token)
  if (error) return <ConsentFailure error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton label="Loading who asks for what" lines={5} />
  return <Request token={token} details={data} />
}

interface RequestProps {
  readonly token: string
  readonly details: ConsentDetails
}

function Request({ token, details }: RequestProps): JSX.Element {
  const { name = 'An app without a name', requested_scopes = [], redirect_uri, verified } = details
  return (
    <section className="card consent-card" aria-label="Request">
      <ClientIdentity name={name} details={details} />
      {!verified && (
        <p className="consent-caution">
          Telnyx has not checked who makes this app. Allow it only if you have just come from it and trust it.
        </p>
      )}
      <div className="consent-scopes">
        <h2>It wants to</h2>
        <RequestedScopes scopes={requested_scopes} />
      </div>
      <Decision token={token} name={name} redirectUri={redirect_uri} />
    </section>
  )
}
