import { useQuery } from '@tanstack/react-query'
import type { JSX, ReactNode } from 'react'
import { Card } from '../../components/card.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { Skeleton } from '../../components/skeleton.tsx'

interface DocumentCardProps<Document> {
  readonly title: string
  readonly about: ReactNode
  readonly queryKey: readonly string[]
  readonly load: (signal: AbortSignal) => Promise<Document>
  /** Shows what came. */
  readonly children: (document: Document) => ReactNode
}

/** A document of the server: while it is on its way, when it has come, and when it has not. */
export function DocumentCard<Document>(props: DocumentCardProps<Document>): JSX.Element {
  const { title, about, queryKey, load, children } = props
  const { data, error, refetch } = useQuery({ queryKey, queryFn: ({ signal }) => load(signal) })
  return (
    <Card title={title} about={about} className="document-card">
      {error && <FailureNote error={error} onRetry={() => void refetch()} />}
      {!error && data === undefined && <Skeleton label={`Loading: ${title}`} lines={5} />}
      {!error && data !== undefined && children(data)}
    </Card>
  )
}
