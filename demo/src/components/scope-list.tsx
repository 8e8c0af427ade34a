import type { JSX } from 'react'
import { describeScopes } from '../words/scopes.ts'

/** Scopes in words, one entry per area of the API. */
export function ScopeList({ scopes }: { readonly scopes: readonly string[] }): JSX.Element {
  return (
    <ul className="scopes">
      {describeScopes(scopes).map(({ area, sentences, scopes: names }) => (
        <li key={area}>
          <strong>{area}</strong>
          <span className="scope-sentence">{sentences.join('; ')}</span>
          <span className="scope-names">
            {names.map((name) => (
              <code key={name}>{name}</code>
            ))}
          </span>
        </li>
      ))}
    </ul>
  )
}
