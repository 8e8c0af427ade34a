import { useTelnyxAuth } from '@telnyx-oauth/react'
import type { JSX } from 'react'
import { NavLink } from 'react-router'
import { pages } from '../pages/pages.ts'

/** Links to the pages that can be opened now. */
export function PageNavigation(): JSX.Element | null {
  const { status } = useTelnyxAuth()
  const linked = pages.filter(({ link, isPublic }) => link && (isPublic || status === 'signed-in'))
  if (linked.length === 0) return null
  return (
    <nav aria-label="Pages">
      <ul className="page-links">
        {linked.map(({ path, link }) => (
          <li key={path}>
            <NavLink to={path} end={path === '/'}>
              {link}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  )
}
