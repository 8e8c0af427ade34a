import type { OAuthGrant } from '@telnyx-oauth/api'
import type { JSX } from 'react'
import { Link } from 'react-router'
import { Button } from '../../components/button.tsx'
import { DataTable } from '../../components/data-table.tsx'
import { ScopeList } from '../../components/scope-list.tsx'
import { useNow } from '../../components/use-now.ts'
import { config } from '../../config.ts'
import { describeScopes } from '../../words/scopes.ts'
import { formatDate } from '../../words/time.ts'
import { areasInWords, lastUseInWords } from './grant-words.ts'
import type { ClientNames } from './use-client-names.ts'

interface GrantTableProps {
  readonly grants: readonly OAuthGrant[]
  readonly names: ClientNames
  readonly isBusy: boolean
  readonly onRevoke: (grant: OAuthGrant) => void
}

const MINUTE_MS = 60_000

/** Grants, one a row. */
export function GrantTable({ grants, names, isBusy, onRevoke }: GrantTableProps): JSX.Element {
  const nowMs = useNow(MINUTE_MS)
  return (
    <DataTable
      caption="What you have allowed, the newest first"
      columns={[
        { header: 'App', cell: (grant) => <App grant={grant} name={names.get(grant.client_id)} /> },
        { header: 'May do', cell: ({ scopes }) => <Scopes scopes={scopes} /> },
        {
          header: 'Allowed on',
          cell: ({ created_at }) => (
            <time className="grant-time" dateTime={created_at}>
              {formatDate(created_at)}
            </time>
          ),
        },
        {
          header: 'Last used',
          cell: (grant) => <span className="grant-time">{lastUseInWords(grant, nowMs)}</span>,
        },
        {
          header: 'Actions',
          cell: (grant) => (
            <Button kind="quiet" onClick={() => onRevoke(grant)}>
              Revoke<span className="visually-hidden"> {names.get(grant.client_id) ?? grant.client_id}</span>
            </Button>
          ),
        },
      ]}
      rows={grants}
      keyOf={({ id }) => id}
      isBusy={isBusy}
    />
  )
}

function App({
  grant,
  name,
}: {
  readonly grant: OAuthGrant
  readonly name: string | undefined
}): JSX.Element {
  const { id, client_id } = grant
  return (
    <>
      <Link to={`/apps/${id}`}>{name ?? client_id}</Link>{' '}
      {client_id === config.clientId && <span className="badge">this console</span>}
      {name && <code className="cell-aside">{client_id}</code>}
    </>
  )
}

function Scopes({ scopes }: { readonly scopes: readonly string[] }): JSX.Element {
  const [only, ...others] = describeScopes(scopes)
  if (!only) return <>Nothing</>
  if (others.length === 0) {
    return (
      <>
        {only.area}: {only.sentences.join('; ')}
      </>
    )
  }
  return (
    <details className="grant-scopes">
      <summary>{areasInWords(scopes)}</summary>
      <ScopeList scopes={scopes} />
    </details>
  )
}
