import { useQuery } from '@tanstack/react-query'
import { userMessage } from '@telnyx-oauth/core/messages'
import { useTelnyxFetch } from '@telnyx-oauth/react'
import type { ReactNode } from 'react'

export function Balance(): ReactNode {
  const telnyxFetch = useTelnyxFetch()
  const { data, error } = useQuery({
    queryKey: ['balance'],
    queryFn: async ({ signal }): Promise<{ data: { balance: string } }> => {
      const response = await telnyxFetch('https://api.telnyx.com/v2/balance', { signal })
      if (!response.ok) throw new Error(`Telnyx answered ${response.status}`)
      return response.json()
    },
  })
  if (error) return <p role="alert">{userMessage(error)}</p>
  return <p>{data ? `Balance: ${data.data.balance}` : 'One moment…'}</p>
}
