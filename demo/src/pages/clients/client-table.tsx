import type { OAuthClient } from '@telnyx-oauth/api'
import type { JSX } from 'react'
import { Link } from 'react-router'
import { Button } from '../../components/button.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { config } from '../../config.ts'
import { formatDate } from '../../words/time.ts'
import { CLIENT_TYPE_WORDS, grantTypesInWords } from './client-words.ts'

interface ClientTableProps {
  readonly clients: readonly OAuthClient[]
  readonly isBusy: boolean
  readonly onDelete: (client: OAuthClient) => void
}

/** OAuth clients, one a row. */
export function ClientTable({ clients, isBusy, onDelete }: ClientTableProps): JSX.Element {
  const actions: Column<OAuthClient> = {
    header: 'Actions',
    cell: (client) => (
      <Button kind="quiet" onClick={() => onDelete(client)}>
        Delete<span className="visually-hidden"> {client.name}</span>
      </Button>
    ),
  }
  return (
    <DataTable
      caption="OAuth clients, the newest first"
      columns={[...COLUMNS, actions]}
      rows={clients}
      keyOf={({ client_id }) => client_id}
      isBusy={isBusy}
    />
  )
}

const COLUMNS: readonly Column<OAuthClient>[] = [
  {
    header: 'Name',
    cell: ({ name, client_id }) => (
      <>
        <Link to={`/clients/${encodeURIComponent(client_id)}`}>{name}</Link>{' '}
        {client_id === config.clientId && <span className="badge">this console</span>}
        <code className="cell-aside">{client_id}</code>
      </>
    ),
  },
  { header: 'Type', cell: ({ client_type }) => CLIENT_TYPE_WORDS[client_type][0] },
  { header: 'Grant types', cell: grantTypesInWords },
  { header: 'Scopes', cell: ({ allowed_scopes }) => allowed_scopes?.length ?? 0 },
  {
    header: 'Created',
    cell: ({ created_at }) => <time dateTime={created_at}>{formatDate(created_at)}</time>,
  },
]
