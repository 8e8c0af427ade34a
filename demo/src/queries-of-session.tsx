import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useTelnyxAuth } from '@telnyx-oauth/react'
import { type JSX, useState } from 'react'
import { Outlet, useOutletContext } from 'react-router'
import { Notices } from './components/notices.tsx'

/** Gives every session its own cache and its own notices: nothing of one person is shown to the next. */
export function QueriesOfSession(): JSX.Element {
  const { sessionId } = useTelnyxAuth()
  return <Queries key={sessionId} />
}

function Queries(): JSX.Element {
  const [queryClient] = useState(createQueryClient)
  return (
    <QueryClientProvider client={queryClient}>
      <Notices>
        <Outlet context={useOutletContext()} />
      </Notices>
    </QueryClientProvider>
  )
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // `@telnyx-oauth/api` has tried again already. Offline, a sentence is better than a skeleton without end.
      queries: { retry: false, networkMode: 'always', staleTime: 10_000 },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}
