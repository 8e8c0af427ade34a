import type { JSX } from 'react'

interface SkeletonProps {
  /** What is being loaded, for those who cannot see the bars. */
  readonly label: string
  /** @default 3 */
  readonly lines?: number
}

/** Grey bars in place of what is being loaded. */
export function Skeleton({ label, lines = 3 }: SkeletonProps): JSX.Element {
  return (
    <div className="skeleton" role="status">
      <span className="visually-hidden">{label}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className="skeleton-bar" aria-hidden="true" />
      ))}
    </div>
  )
}
