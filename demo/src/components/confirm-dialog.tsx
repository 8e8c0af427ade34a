import type { JSX, ReactNode } from 'react'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

interface ConfirmDialogProps {
  /** A question. */
  readonly title: string
  /** What the button does, as a verb and its object. */
  readonly action: string
  readonly isBusy?: boolean
  readonly onConfirm: () => void
  readonly onClose: () => void
  /** What it means to say yes; what went wrong. */
  readonly children: ReactNode
}

/** Asks before something is done that cannot be undone. Keeping everything is what the focus begins on. */
export function ConfirmDialog(props: ConfirmDialogProps): JSX.Element {
  const { title, action, isBusy = false, onConfirm, onClose, children } = props
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      <div className="actions">
        <Button kind="secondary" onClick={onClose}>
          Cancel
        </Button>
        <Button kind="danger" isBusy={isBusy} onClick={onConfirm}>
          {action}
        </Button>
      </div>
    </Dialog>
  )
}
