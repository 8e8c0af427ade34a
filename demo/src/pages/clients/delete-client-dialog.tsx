import type { OAuthClient } from '@telnyx-oauth/api'
import type { JSX } from 'react'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { config } from '../../config.ts'

interface DeleteClientDialogProps {
  readonly client: OAuthClient
  readonly onConfirm: () => void
  readonly onClose: () => void
}

/** Asks before a client is deleted, and says what that means. */
export function DeleteClientDialog({ client, onConfirm, onClose }: DeleteClientDialogProps): JSX.Element {
  return (
    <ConfirmDialog
      title={`Delete “${client.name}”?`}
      action="Delete client"
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <p>
        Whoever uses it is cut off: nobody can sign in with <code>{client.client_id}</code> any more, and what
        people have allowed it ends. This cannot be undone.
      </p>
      {client.client_id === config.clientId && (
        <p>
          <strong>This console signs in with it.</strong> You will be signed out, and cannot sign in again
          until the console has another client id.
        </p>
      )}
    </ConfirmDialog>
  )
}
