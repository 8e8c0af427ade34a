import { useQuery } from '@tanstack/react-query'
import { getOAuthGrant, type OAuthGrant } from '@telnyx-oauth/api'
import type { JSX } from 'react'
import { Link, useParams } from 'react-router'
import { asPerson } from '../../api.ts'
import { Card } from '../../components/card.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { PageHeading } from '../../components/page-heading.tsx'
import { ScopeList } from '../../components/scope-list.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { queryKeys } from '../../query-keys.ts'
import { formatMoment } from '../../words/time.ts'
import { useClientNames } from './use-client-names.ts'
import '../../styles/clients.css'

/** One grant: what an app may do, since when, and when it last did. */
export function GrantPage(): JSX.Element {
  const { grantId = '' } = useParams()
  const { data, error, refetch } = useQuery({
    queryKey: queryKeys.grant(grantId),
    queryFn: ({ signal }) => asPerson((api) => getOAuthGrant(api, grantId, { signal })),
  })
  const names = useClientNames(data ? [data] : [])
  const name = data && (names.get(data.client_id) ?? data.client_id)
  return (
    <div className="page">
      <Link className="back-link" to="/apps">
        All connected apps
      </Link>
      <PageHeading title={name ?? 'Connected app'} />
      {data && <OneGrant grant={data} />}
      {!data && !error && <Skeleton label="Loading the grant" lines={5} />}
      {!data && error && <FailureNote error={error} onRetry={() => void refetch()} />}
    </div>
  )
}

function OneGrant({ grant }: { readonly grant: OAuthGrant }): JSX.Element {
  const { id, client_id, scopes, created_at, last_used_at } = grant
  return (
    <>
      <Card title="The grant">
        <dl className="facts">
          <div>
            <dt>Client id</dt>
            <dd>
              <code>{client_id}</code>
            </dd>
          </div>
          <div>
            <dt>Allowed</dt>
            <dd>
              <time dateTime={created_at}>{formatMoment(Date.parse(created_at))}</time>
            </dd>
          </div>
          <div>
            <dt>Last used</dt>
            <dd>
              {last_used_at ? (
                <time dateTime={last_used_at}>{formatMoment(Date.parse(last_used_at))}</time>
              ) : (
                'Never'
              )}
            </dd>
          </div>
          <div>
            <dt>Grant</dt>
            <dd>
              <code>{id}</code>
            </dd>
          </div>
        </dl>
      </Card>
      <Card title="What it may do" about="To take it back, revoke the grant in the list.">
        <ScopeList scopes={scopes} />
      </Card>
    </>
  )
}
