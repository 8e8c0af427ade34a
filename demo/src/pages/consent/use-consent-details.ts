import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { type ConsentDetails, getConsentDetails } from '@telnyx-oauth/api'
import { asPerson } from '../../api.ts'
import { queryKeys } from '../../query-keys.ts'

/**
 * What a consent token asks for. It is asked once: after the decision the token is nothing any more. Whoever holds a
 * token may decide, so the cache forgets it as soon as the page is left.
 */
export function useConsentDetails(token: string): UseQueryResult<ConsentDetails> {
  return useQuery({
    queryKey: queryKeys.consent(token),
    queryFn: ({ signal }) => asPerson((api) => getConsentDetails(api, token, { signal })),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
}
