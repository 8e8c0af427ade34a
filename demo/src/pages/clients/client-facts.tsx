import type { OAuthClient } from '@telnyx-oauth/api'
import type { JSX } from 'react'
import { Card } from '../../components/card.tsx'
import { Copyable } from '../../components/copyable.tsx'
import { formatDate } from '../../words/time.ts'
import { CLIENT_TYPE_WORDS } from './client-words.ts'

/** What about a client is as it is. */
export function ClientFacts({ client }: { readonly client: OAuthClient }): JSX.Element {
  const { client_id, client_type, org_id, user_id, created_at, updated_at } = client
  const [type, explanation] = CLIENT_TYPE_WORDS[client_type]
  return (
    <Card title={`${type} client`} about={explanation}>
      <Copyable label="Client id" value={client_id} />
      <dl className="facts">
        <Fact term="Created">{<time dateTime={created_at}>{formatDate(created_at)}</time>}</Fact>
        <Fact term="Last changed">{<time dateTime={updated_at}>{formatDate(updated_at)}</time>}</Fact>
        <Fact term="Organization">{<code>{org_id}</code>}</Fact>
        <Fact term="Created by">{<code>{user_id}</code>}</Fact>
        {client_type === 'confidential' && <Fact term="Secret">Shown once, when it was created</Fact>}
      </dl>
    </Card>
  )
}

interface FactProps {
  readonly term: string
  readonly children: JSX.Element | string
}

function Fact({ term, children }: FactProps): JSX.Element {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}
