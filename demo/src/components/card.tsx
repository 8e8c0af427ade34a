import { type JSX, type ReactNode, useId } from 'react'

interface CardProps {
  readonly title: string
  /** One sentence below the title. */
  readonly about?: ReactNode
  readonly className?: string
  readonly children: ReactNode
}

/** A titled part of a page. */
export function Card({ title, about, className = '', children }: CardProps): JSX.Element {
  const titleId = useId()
  return (
    <section className={`card ${className}`} aria-labelledby={titleId}>
      <h2 id={titleId}>{title}</h2>
      {about && <p className="card-about">{about}</p>}
      {children}
    </section>
  )
}
