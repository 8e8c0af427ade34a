import { type JSX, type ReactNode, useEffect, useRef } from 'react'
import { useLocation } from 'react-router'

interface PageHeadingProps {
  /** Also the title of the document, with the name of the console behind it. */
  readonly title: string
  /** For `aria-labelledby`. */
  readonly id?: string
  /** Whether it takes the focus in any case, as the result of what was done on this page. @default false */
  readonly takesFocus?: boolean
  /** What the page is for, below the heading. */
  readonly children?: ReactNode
}

/** The heading of a page: it names the document, and takes the focus when the page was navigated to. */
export function PageHeading({ title, id, takesFocus = false, children }: PageHeadingProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null)
  const { key } = useLocation()
  const isFirst = useRef(key === 'default' && !takesFocus)
  useEffect(() => {
    // The page that a browser opens begins at its beginning, as any document does.
    if (!isFirst.current) heading.current?.focus({ preventScroll: true })
  }, [])
  return (
    <div className="page-heading">
      <title>{`${title} · Telnyx OAuth console`}</title>
      <h1 id={id} ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children && <p>{children}</p>}
    </div>
  )
}
