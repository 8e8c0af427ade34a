import type { OAuthClient } from '@telnyx-oauth/api'
import { type JSX, useRef, useState } from 'react'
import { Navigate, useSearchParams } from 'react-router'
import { FailureNote } from '../../components/failure-note.tsx'
import { PageHeading } from '../../components/page-heading.tsx'
import { Pager } from '../../components/pager.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { useFocusRescue } from '../../components/use-focus-rescue.ts'
import { ClientFilterForm } from './client-filter-form.tsx'
import { addressOf, type ClientFilter, isFiltered, readClientFilter } from './client-query.ts'
import { ClientTable } from './client-table.tsx'
import { DeleteClientDialog } from './delete-client-dialog.tsx'
import { NoClients } from './no-clients.tsx'
import { useClientPage } from './use-client-page.ts'
import { useDeleteClient } from './use-delete-client.ts'

/** Every OAuth client of the person, page by page. */
export function ClientsPage(): JSX.Element {
  const [address, setAddress] = useSearchParams()
  const filter = readClientFilter(address)
  const show = (next: ClientFilter) =>
    setAddress(addressOf(next), { replace: true, preventScrollReset: true })
  return (
    <div className="page">
      <PageHeading title="OAuth clients">
        The apps that may ask people for access to their Telnyx account, and that you look after.
      </PageHeading>
      <ClientFilterForm filter={filter} onChange={show} />
      <ClientList filter={filter} onClear={() => show(readClientFilter(new URLSearchParams()))} />
    </div>
  )
}

interface ClientListProps {
  readonly filter: ClientFilter
  readonly onClear: () => void
}

function ClientList({ filter, onClear }: ClientListProps): JSX.Element {
  const { data, error, isPlaceholderData, refetch } = useClientPage(filter)
  const [asked, setAsked] = useState<OAuthClient>()
  const remove = useDeleteClient()
  const list = useRef<HTMLElement>(null)
  useFocusRescue(list, data?.data.map(({ client_id }) => client_id).join() ?? '')
  if (error) return <FailureNote error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton label="Loading the OAuth clients" lines={6} />

  const { total_pages: pageCount = 1, total_results: total = data.data.length } = data.meta ?? {}
  if (data.data.length === 0 && filter.page > 1)
    return (
      <Navigate
        to={addressOf({ ...filter, page: Math.max(1, Math.min(pageCount, filter.page - 1)) })}
        replace
      />
    )
  if (data.data.length === 0) return <NoClients isFiltered={isFiltered(filter)} onClear={onClear} />
  return (
    <section className="card list-card" aria-label="Clients" ref={list} tabIndex={-1}>
      <ClientTable clients={data.data} isBusy={isPlaceholderData} onDelete={setAsked} />
      <Pager
        page={filter.page}
        pageCount={pageCount}
        total={total === 1 ? '1 client' : `${total} clients`}
        hrefOf={(page) => addressOf({ ...filter, page })}
      />
      {asked && (
        <DeleteClientDialog
          client={asked}
          onClose={() => setAsked(undefined)}
          onConfirm={() => {
            setAsked(undefined)
            remove(asked)
          }}
        />
      )}
    </section>
  )
}
