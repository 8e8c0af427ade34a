import type { JSX } from 'react'
import { useSearchParams } from 'react-router'
import { PageHeading } from '../../components/page-heading.tsx'
import { GrantList } from './grant-list.tsx'
import { readPageNumber } from './page-number.ts'
import '../../styles/apps.css'

/** Every app that the person has allowed something. */
export function AppsPage(): JSX.Element {
  const [address] = useSearchParams()
  return (
    <div className="page">
      <PageHeading title="Connected apps">
        The apps that you have allowed to use your Telnyx account, what they may do, and the way to end it.
      </PageHeading>
      <GrantList page={readPageNumber(address)} />
    </div>
  )
}
