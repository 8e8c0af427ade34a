import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useTelnyxAuth } from '@telnyx-oauth/react'
import { type ReactNode, useState } from 'react'

/** Gives every session a cache of its own: what was fetched for one person is never shown to the next. */
export function QueriesOfSession({ children }: { children: ReactNode }): ReactNode {
  const { sessionId } = useTelnyxAuth()
  return <Queries key={sessionId}>{children}</Queries>
}

function Queries({ children }: { children: ReactNode }) {
  const [queryClient] = useState(() => new QueryClient())
  return <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
}
