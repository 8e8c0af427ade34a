import type { OAuthClient, Page } from '@telnyx-oauth/api'
import { type JSX, useRef, useState } from 'react'
import { Navigate } from 'react-router'
import { FailureNote } from '../../components/failure-note.tsx'
import { Pager } from '../../components/pager.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { useFocusRescue } from '../../components/use-focus-rescue.ts'
import { addressOf, type ClientFilter, isFiltered } from './client-query.ts'
import { ClientTable } from './client-table.tsx'
import { DeleteClientDialog } from './delete-client-dialog.tsx'
import { NoClients } from './no-clients.tsx'
import { useClientPage } from './use-client-page.ts'
import { useDeleteClient, useDeletingClients } from './use-delete-client.ts'

interface ClientListProps {
  readonly filter: ClientFilter
  /** Shows all clients again. */
  readonly onClear: () => void
}

/** What the API has for a filter: a page of clients, none, or a failure. */
export function ClientList({ filter, onClear }: ClientListProps): JSX.Element {
  const { data, error, isPlaceholderData, refetch } = useClientPage(filter)
  // An empty page says nothing about the one that is on its way.
  const page = isPlaceholderData && data?.data.length === 0 ? undefined : data
  return (
    <>
      {error && <FailureNote error={error} onRetry={() => void refetch()} />}
      {!page && !error && <Skeleton label="Loading the OAuth clients" lines={6} />}
      {page && page.data.length > 0 && <FilledPage filter={filter} page={page} isBusy={isPlaceholderData} />}
      {page?.data.length === 0 && <EmptyPage filter={filter} page={page} onClear={onClear} />}
    </>
  )
}

interface PageProps {
  readonly filter: ClientFilter
  readonly page: Page<OAuthClient>
}

function EmptyPage({ filter, page, onClear }: PageProps & ClientListProps): JSX.Element {
  // An old address, or the last client of the last page is gone.
  const lastPage = Math.min(page.meta?.total_pages ?? 1, filter.page - 1)
  if (filter.page > 1) return <Navigate to={addressOf({ ...filter, page: Math.max(1, lastPage) })} replace />
  return <NoClients isFiltered={isFiltered(filter)} onClear={onClear} />
}

function FilledPage({ filter, page, isBusy }: PageProps & { readonly isBusy: boolean }): JSX.Element {
  const [asked, setAsked] = useState<OAuthClient>()
  const remove = useDeleteClient()
  const deleting = useDeletingClients()
  const clients = page.data.filter(({ client_id }) => !deleting.includes(client_id))
  const list = useRef<HTMLElement>(null)
  useFocusRescue(list, clients.map(({ client_id }) => client_id).join())
  const { total_pages: pageCount = 1, total_results = page.data.length } = page.meta ?? {}
  const total = total_results - (page.data.length - clients.length)
  return (
    <section className="card list-card" aria-label="Clients" ref={list} tabIndex={-1}>
      <ClientTable clients={clients} isBusy={isBusy} onDelete={setAsked} />
      <Pager
        page={filter.page}
        pageCount={pageCount}
        total={total === 1 ? '1 client' : `${total} clients`}
        hrefOf={(number) => addressOf({ ...filter, page: number })}
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
