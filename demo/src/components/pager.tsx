import type { JSX } from 'react'
import { Link } from 'react-router'

interface PagerProps {
  readonly page: number
  readonly pageCount: number
  /** How many things there are on all pages, in words. */
  readonly total: string
  /** The address of a page. */
  readonly hrefOf: (page: number) => string
}

/** Which page of a list this is, and the way to its neighbours. */
export function Pager({ page, pageCount, total, hrefOf }: PagerProps): JSX.Element {
  return (
    <nav className="pager" aria-label="Pages of the list">
      <p role="status">
        {total}
        {pageCount > 1 && `, page ${page} of ${pageCount}`}
      </p>
      {pageCount > 1 && (
        <div className="actions">
          <Step label="Previous page" href={hrefOf(page - 1)} isEnd={page <= 1} />
          <Step label="Next page" href={hrefOf(page + 1)} isEnd={page >= pageCount} />
        </div>
      )}
    </nav>
  )
}

interface StepProps {
  readonly label: string
  readonly href: string
  readonly isEnd: boolean
}

// At the end it stays where it is, and does nothing: the keyboard does not lose its place.
function Step({ label, href, isEnd }: StepProps): JSX.Element {
  return (
    <Link
      className="button button-secondary"
      to={href}
      aria-disabled={isEnd}
      onClick={(event) => isEnd && event.preventDefault()}
    >
      {label}
    </Link>
  )
}
