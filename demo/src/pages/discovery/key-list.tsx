import type { Jwk, JwkSet } from '@telnyx-oauth/api'
import type { JSX } from 'react'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { RawJson } from './metadata-list.tsx'

const COLUMNS: readonly Column<Jwk>[] = [
  { header: 'Key id', cell: ({ kid }) => <code>{kid ?? 'without a name'}</code> },
  { header: 'Kind', cell: ({ kty, crv }) => [kty, crv].filter(Boolean).join(' ') || 'not said' },
  { header: 'Algorithm', cell: ({ alg }) => alg ?? 'not said' },
  { header: 'Use', cell: ({ use }) => (use === 'sig' ? 'signatures' : (use ?? 'not said')) },
]

/** The public keys of the server. */
export function KeyList({ document }: { readonly document: JwkSet }): JSX.Element {
  const { keys = [] } = document
  if (keys.length === 0) return <p>The set is empty: nothing that comes from this server can be verified.</p>
  return (
    <>
      <DataTable
        caption="Public keys"
        columns={COLUMNS}
        rows={keys}
        keyOf={(key) => key.kid ?? JSON.stringify(key)}
      />
      <RawJson document={document} />
    </>
  )
}
