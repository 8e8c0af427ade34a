import type { OAuthGrant, Page } from '@telnyx-oauth/api'
import { type JSX, useRef, useState } from 'react'
import { Navigate } from 'react-router'
import { FailureNote } from '../../components/failure-note.tsx'
import { Pager } from '../../components/pager.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { useFocusRescue } from '../../components/use-focus-rescue.ts'
import { config } from '../../config.ts'
import { GrantTable } from './grant-table.tsx'
import { sessionFate } from './grant-words.ts'
import { NoApps } from './no-apps.tsx'
import { addressOfPage } from './page-number.ts'
import { RevokeDialog } from './revoke-dialog.tsx'
import { useClientNames } from './use-client-names.ts'
import { useGrantPage } from './use-grant-page.ts'
import { useGrantsBeingRevoked, useRevokeGrant } from './use-revoke-grant.ts'

/** One page of the grants, or what is to be said in its place. */
export function GrantList({ page }: { readonly page: number }): JSX.Element {
  const { data, error, isPlaceholderData, refetch } = useGrantPage(page)
  const leaving = useGrantsBeingRevoked()
  if (error) return <FailureNote error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton label="Loading the connected apps" lines={6} />
  const shown = without(data, leaving)
  if (shown.data.length === 0 && page > 1) {
    const last = Math.min(page - 1, shown.meta?.total_pages ?? 1)
    return <Navigate to={addressOfPage(Math.max(1, last))} replace />
  }
  if (shown.data.length === 0) return <NoApps />
  return <ShownGrants page={page} shown={shown} isBusy={isPlaceholderData} />
}

interface ShownGrantsProps {
  readonly page: number
  readonly shown: Page<OAuthGrant>
  readonly isBusy: boolean
}

function ShownGrants({ page, shown, isBusy }: ShownGrantsProps): JSX.Element {
  const [asked, setAsked] = useState<OAuthGrant>()
  const names = useClientNames(shown.data)
  const revoke = useRevokeGrant()
  const list = useRef<HTMLElement>(null)
  useFocusRescue(list, shown.data.map(({ id }) => id).join())
  const nameOf = ({ client_id }: OAuthGrant) => names.get(client_id) ?? client_id
  const { total_pages: pageCount = 1, total_results: total = shown.data.length } = shown.meta ?? {}
  return (
    <section className="card list-card apps-list" aria-label="Apps" ref={list} tabIndex={-1}>
      <GrantTable grants={shown.data} names={names} isBusy={isBusy} onRevoke={setAsked} />
      <Pager
        page={page}
        pageCount={pageCount}
        total={total === 1 ? '1 grant' : `${total} grants`}
        hrefOf={addressOfPage}
      />
      {asked && (
        <RevokeDialog
          appName={nameOf(asked)}
          fate={sessionFate(asked, shown, config.clientId)}
          onClose={() => setAsked(undefined)}
          onConfirm={() => {
            setAsked(undefined)
            revoke({ grant: asked, appName: nameOf(asked) })
          }}
        />
      )}
    </section>
  )
}

function without(page: Page<OAuthGrant>, grantIds: readonly string[]): Page<OAuthGrant> {
  const data = page.data.filter(({ id }) => !grantIds.includes(id))
  const { meta } = page
  if (meta?.total_results === undefined) return { ...page, data }
  return { data, meta: { ...meta, total_results: meta.total_results - (page.data.length - data.length) } }
}
