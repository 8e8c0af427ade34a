import type { ConsentScope } from '@telnyx-oauth/api'
import type { JSX } from 'react'
import { describeScopes } from '../../words/scopes.ts'

/** What is asked for, one sentence per scope: in the server's words, or else in this console's. */
export function RequestedScopes({ scopes }: { readonly scopes: readonly ConsentScope[] }): JSX.Element {
  if (scopes.length === 0) return <p>nothing in particular: the app asks for no scope.</p>
  return (
    <ul className="consent-scope-list">
      {scopes.map(({ id = '', name, description }) => (
        <li key={id || name}>
          <span className="consent-scope-words">{description ?? name ?? ownWordsFor(id)}</span>
          {id && <code>{id}</code>}
        </li>
      ))}
    </ul>
  )
}

function ownWordsFor(scope: string): string {
  return describeScopes([scope])
    .map(({ area, sentences }) => `${area}: ${sentences.join('; ')}`)
    .join()
}
