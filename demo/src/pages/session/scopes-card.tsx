import { useTelnyxToken } from '@telnyx-oauth/react'
import type { JSX } from 'react'
import { Card } from '../../components/card.tsx'
import { ScopeList } from '../../components/scope-list.tsx'

/** What the person allowed. */
export function ScopesCard(): JSX.Element {
  const scopes = useTelnyxToken((token) => token.scopes)
  return (
    <Card
      title="What this app may do"
      about="What you allowed, as the server granted it."
      className="card-wide"
    >
      <ScopeList scopes={scopes} />
    </Card>
  )
}
