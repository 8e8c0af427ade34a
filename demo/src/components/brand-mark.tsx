import type { JSX } from 'react'

/** The ring of a session that runs, as in the favicon. */
export function BrandMark(): JSX.Element {
  return (
    <svg className="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect className="brand-mark-tile" width="32" height="32" rx="8" />
      <circle className="brand-mark-track" cx="16" cy="16" r="8.5" />
      <path className="brand-mark-ring" d="M16 7.5a8.5 8.5 0 1 1-8.5 8.5" />
      <circle className="brand-mark-dot" cx="16" cy="16" r="2.6" />
    </svg>
  )
}
