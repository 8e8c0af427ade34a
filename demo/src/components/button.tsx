import type { JSX, ReactNode } from 'react'

interface ButtonProps {
  readonly kind: 'primary' | 'secondary' | 'quiet'
  readonly onClick: () => void
  /** Shown as busy and not clickable, but still focusable, so that the keyboard does not lose its place. */
  readonly isBusy?: boolean
  readonly children: ReactNode
}

/** A native button in one of three weights. */
export function Button({ kind, onClick, isBusy = false, children }: ButtonProps): JSX.Element {
  return (
    <button
      type="button"
      className={`button button-${kind}`}
      aria-disabled={isBusy}
      onClick={isBusy ? undefined : onClick}
    >
      {isBusy && <span className="spinner" aria-hidden="true" />}
      {children}
    </button>
  )
}
