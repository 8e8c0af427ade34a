import {
  type AuthorizationServerMetadata,
  getAuthorizationServerMetadata,
  getJwks,
  getProtectedResourceMetadata,
} from '@telnyx-oauth/api'
import type { JSX } from 'react'
import { publicApi } from '../../api.ts'
import { PageHeading } from '../../components/page-heading.tsx'
import { queryKeys } from '../../query-keys.ts'
import { DocumentCard } from './document-card.tsx'
import { KeyList } from './key-list.tsx'
import { MetadataList } from './metadata-list.tsx'
import { readinessOf } from './readiness.ts'
import '../../styles/discovery.css'

/** What the servers say of themselves, in words: both metadata documents and the keys. */
export function DiscoveryPage(): JSX.Element {
  return (
    <div className="page">
      <PageHeading title="Discovery">
        What the servers say of themselves. Clients read it, so that nothing but the issuer is written down in
        them.
      </PageHeading>
      <DocumentCard
        title="Authorization server"
        about="Who signs people in and issues tokens (RFC 8414)."
        queryKey={queryKeys.serverMetadata}
        load={(signal) => getAuthorizationServerMetadata(publicApi, { signal })}
      >
        {(document) => (
          <>
            <Readiness document={document} />
            <MetadataList document={document} />
          </>
        )}
      </DocumentCard>
      <DocumentCard
        title="Protected resource"
        about="What tokens are for: the Telnyx API (RFC 9728)."
        queryKey={queryKeys.resourceMetadata}
        load={(signal) => getProtectedResourceMetadata(publicApi, '/', { signal })}
      >
        {(document) => <MetadataList document={document} />}
      </DocumentCard>
      <DocumentCard
        title="Keys"
        about="What signatures of the authorization server are checked with (RFC 7517)."
        queryKey={queryKeys.keys}
        load={(signal) => getJwks(publicApi, { signal })}
      >
        {(document) => <KeyList document={document} />}
      </DocumentCard>
    </div>
  )
}

const MARKS = { met: '✓', missing: '✕', optional: '–' } as const
const MARK_WORDS = { met: 'Yes: ', missing: 'No: ', optional: 'Not there: ' } as const

function Readiness({ document }: { readonly document: AuthorizationServerMetadata }): JSX.Element {
  return (
    <ul className="readiness" aria-label="What a browser app needs">
      {readinessOf(document).map(({ sentence, result }) => (
        <li key={sentence} className={`readiness-${result}`}>
          <span aria-hidden="true">{MARKS[result]}</span>
          <span className="visually-hidden">{MARK_WORDS[result]}</span>
          <span>{sentence}</span>
        </li>
      ))}
    </ul>
  )
}
