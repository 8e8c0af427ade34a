import type { JSX, ReactNode } from 'react'

interface EmptyStateProps {
  readonly title: string
  /** What would be here, and how it gets here. */
  readonly children: ReactNode
  /** What to press next. */
  readonly action?: ReactNode
}

/** In place of a list that has nothing in it: it teaches what belongs there. */
export function EmptyState({ title, children, action }: EmptyStateProps): JSX.Element {
  return (
    <div className="empty-state">
      <h2>{title}</h2>
      <div className="empty-state-words">{children}</div>
      {action && <div className="actions">{action}</div>}
    </div>
  )
}
