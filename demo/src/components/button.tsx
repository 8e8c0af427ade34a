import type { JSX, ReactNode } from 'react'

interface ButtonProps {
  readonly kind: 'primary' | 'secondary' | 'quiet' | 'danger'
  /** A submit button needs none. */
  readonly onClick?: () => void
  /** @default 'button' */
  readonly type?: 'button' | 'submit'
  /** Shown as busy and not clickable, but still focusable, so that the keyboard does not lose its place. */
  readonly isBusy?: boolean
  readonly children: ReactNode
}

/** A native button in one of four weights. */
export function Button({
  kind,
  onClick,
  type = 'button',
  isBusy = false,
  children,
}: ButtonProps): JSX.Element {
  return (
    <button
      type={isBusy ? 'button' : type}
      className={`button button-${kind}`}
      aria-disabled={isBusy}
      onClick={isBusy ? undefined : onClick}
    >
      {isBusy && <span className="spinner" aria-hidden="true" />}
      {children}
    </button>
  )
}
