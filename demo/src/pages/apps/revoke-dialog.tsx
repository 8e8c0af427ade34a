import type { JSX, ReactNode } from 'react'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import type { SessionFate } from './grant-words.ts'

interface RevokeDialogProps {
  readonly appName: string
  readonly fate: SessionFate
  readonly onConfirm: () => void
  readonly onClose: () => void
}

const CONSEQUENCE: Readonly<Record<SessionFate, ReactNode>> = {
  stays: undefined,
  'may-end': (
    <p>
      <strong>This console signs in with it.</strong> If your session here comes from this grant, it ends by
      itself right after, in every tab of this browser. You can sign in again.
    </p>
  ),
  ends: (
    <p>
      <strong>Your session here comes from this grant.</strong> It ends by itself right after, in every tab of
      this browser. You can sign in again.
    </p>
  ),
}

/** Asks before a grant is revoked, and says what that means. */
export function RevokeDialog({ appName, fate, onConfirm, onClose }: RevokeDialogProps): JSX.Element {
  return (
    <ConfirmDialog
      title={`Revoke the access of “${appName}”?`}
      action="Revoke access"
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <p>
        It gets no more tokens for your account; one that it holds now ends with its lifetime at the latest.
        To come back, it has to ask you again.
      </p>
      {CONSEQUENCE[fate]}
    </ConfirmDialog>
  )
}
