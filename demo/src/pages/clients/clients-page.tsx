import type { JSX } from 'react'
import { Link, useSearchParams } from 'react-router'
import { PageHeading } from '../../components/page-heading.tsx'
import { ClientFilterForm } from './client-filter-form.tsx'
import { ClientList } from './client-list.tsx'
import { addressOf, type ClientFilter, readClientFilter } from './client-query.ts'

/** Every OAuth client of the person, page by page. */
export function ClientsPage(): JSX.Element {
  const [address, setAddress] = useSearchParams()
  const filter = readClientFilter(address)
  const show = (next: ClientFilter) =>
    setAddress(addressOf(next), { replace: true, preventScrollReset: true })
  return (
    <div className="page">
      <div className="page-top">
        <PageHeading title="OAuth clients">
          The apps that may ask people for access to their Telnyx account, and that you look after.
        </PageHeading>
        <Link className="button button-primary" to="/clients/new">
          New client
        </Link>
      </div>
      <ClientFilterForm filter={filter} onChange={show} />
      <ClientList filter={filter} onClear={() => show(readClientFilter(new URLSearchParams()))} />
    </div>
  )
}
