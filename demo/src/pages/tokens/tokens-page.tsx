import { type JSX, useState } from 'react'
import { PageHeading } from '../../components/page-heading.tsx'
import { DecodedCard } from './decoded-card.tsx'
import { IntrospectionCard } from './introspection-card.tsx'
import { type ChosenToken, TokenChoice } from './token-choice.tsx'
import '../../styles/discovery.css'
import '../../styles/tokens.css'

/** Looks into a token, as far as it can be looked into, and asks the server about it. */
export function TokensPage(): JSX.Element {
  const [token, setToken] = useState<ChosenToken>({ value: '', isOfSession: false })
  return (
    <div className="page">
      <PageHeading title="Tokens">What a token says, and what the server says of it.</PageHeading>
      <TokenChoice token={token} onChange={setToken} />
      {token.value && (
        // What was found out about one token is not shown beside another.
        <div className="page" key={token.value}>
          <DecodedCard token={token.value} />
          <IntrospectionCard token={token.value} />
        </div>
      )}
    </div>
  )
}
