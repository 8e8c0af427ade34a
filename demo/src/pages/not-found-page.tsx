import type { JSX } from 'react'
import { Link, useLocation } from 'react-router'
import { PageHeading } from '../components/page-heading.tsx'

/** For an address that no page has. */
export function NotFoundPage(): JSX.Element {
  const { pathname } = useLocation()
  return (
    <div className="page">
      <PageHeading title="There is no such page">
        Nothing is at <code>{pathname}</code>. The address may be mistyped, or the page may have moved.
      </PageHeading>
      <div className="actions">
        <Link className="button button-primary" to="/">
          Go to the first page
        </Link>
      </div>
    </div>
  )
}
