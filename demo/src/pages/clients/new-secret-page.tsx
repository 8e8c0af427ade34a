import type { OAuthClient } from '@telnyx-oauth/api'
import { type JSX, useCallback, useState } from 'react'
import { Link } from 'react-router'
import { Card } from '../../components/card.tsx'
import { Copyable } from '../../components/copyable.tsx'
import { LeaveGuard } from '../../components/leave-guard.tsx'
import { PageHeading } from '../../components/page-heading.tsx'

/** Shows the secret of a client that has just been created, this once. */
export function NewSecretPage({ client }: { readonly client: OAuthClient }): JSX.Element {
  const { name, client_id, client_secret } = client
  const [isCopied, setIsCopied] = useState(false)
  const isNeeded = useCallback(() => !isCopied, [isCopied])
  return (
    <div className="page">
      <PageHeading title={`“${name}” was created`} takesFocus>
        Telnyx shows its secret now and never again. Copy it to where your server keeps its secrets.
      </PageHeading>
      <Card title="What your server needs">
        <Copyable label="Client id" value={client_id} />
        <Copyable label="Client secret" value={client_secret ?? ''} onCopied={() => setIsCopied(true)} />
        <p className="field-hint">
          Whoever has the secret can act as this client. It belongs into no page, no app on a phone and no
          repository.
        </p>
      </Card>
      <div className="actions">
        <Link className="button button-primary" to={`/clients/${client_id}`}>
          Go on to the client
        </Link>
      </div>
      <LeaveGuard isNeeded={isNeeded} title="Leave without the secret?" action="Leave without it">
        <p>You have not copied it here, and it cannot be shown again. A lost secret means a new client.</p>
      </LeaveGuard>
    </div>
  )
}
