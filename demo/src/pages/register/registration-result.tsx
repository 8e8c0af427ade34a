import type { ClientRegistration } from '@telnyx-oauth/api'
import { type JSX, useCallback, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { Copyable } from '../../components/copyable.tsx'
import { LeaveGuard } from '../../components/leave-guard.tsx'
import { PageHeading } from '../../components/page-heading.tsx'
import { MetadataList } from '../discovery/metadata-list.tsx'

interface RegistrationResultProps {
  readonly registration: ClientRegistration
  readonly onAgain: () => void
}

/** What was registered, which replaces what was asked for; a secret is shown this once. */
export function RegistrationResult({ registration, onAgain }: RegistrationResultProps): JSX.Element {
  const { client_id, client_secret, client_name = 'The app', ...rest } = registration
  const [isCopied, setIsCopied] = useState(false)
  const isNeeded = useCallback(() => !!client_secret && !isCopied, [client_secret, isCopied])
  return (
    <div className="page">
      <PageHeading title={`${client_name} is registered`} takesFocus>
        This is what the server made of it: it may differ from what was asked for.
      </PageHeading>
      <Card title="What the app needs" className="document-card">
        <Copyable label="Client id" value={client_id} />
        {client_secret && (
          <>
            <Copyable label="Client secret" value={client_secret} onCopied={() => setIsCopied(true)} />
            <p className="field-hint">
              It is shown now and never again. It belongs on a server: into no page, no app on a phone and no
              repository.
            </p>
          </>
        )}
      </Card>
      <Card title="Its registration" className="document-card">
        <MetadataList document={rest} />
      </Card>
      <div className="actions">
        <Button kind="secondary" onClick={onAgain}>
          Register another app
        </Button>
      </div>
      <LeaveGuard isNeeded={isNeeded} title="Leave without the secret?" action="Leave without it">
        <p>
          You have not copied it here, and it cannot be shown again. A lost secret means a new registration.
        </p>
      </LeaveGuard>
    </div>
  )
}
