import { useQuery } from '@tanstack/react-query'
import { getOAuthClient, type OAuthClient } from '@telnyx-oauth/api'
import type { JSX } from 'react'
import { Link, useParams } from 'react-router'
import { asPerson } from '../../api.ts'
import { FailureNote } from '../../components/failure-note.tsx'
import { PageHeading } from '../../components/page-heading.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { queryKeys } from '../../query-keys.ts'
import { ClientFacts } from './client-facts.tsx'
import { DeleteClientCard } from './delete-client-card.tsx'
import { EditClient } from './edit-client.tsx'
import '../../styles/clients.css'

/** One client: what it is, and everything that can be changed about it. */
export function ClientPage(): JSX.Element {
  const { clientId = '' } = useParams()
  const { data, error, refetch } = useQuery({
    queryKey: queryKeys.client(clientId),
    queryFn: ({ signal }) => asPerson((api) => getOAuthClient(api, clientId, { signal })),
  })
  return (
    <div className="page">
      <Link className="back-link" to="/clients">
        All OAuth clients
      </Link>
      <PageHeading title={data?.name ?? 'OAuth client'} />
      {data && <OneClient key={clientId} client={data} />}
      {!data && !error && <Skeleton label="Loading the OAuth client" lines={8} />}
      {!data && error && <FailureNote error={error} onRetry={() => void refetch()} />}
    </div>
  )
}

function OneClient({ client }: { readonly client: OAuthClient }): JSX.Element {
  return (
    <>
      <ClientFacts client={client} />
      <EditClient client={client} />
      <DeleteClientCard client={client} />
    </>
  )
}
