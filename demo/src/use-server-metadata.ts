import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { type AuthorizationServerMetadata, getAuthorizationServerMetadata } from '@telnyx-oauth/api'
import { publicApi } from './api.ts'
import { queryKeys } from './query-keys.ts'

/** What the authorization server says about itself: endpoints, scopes, grant types. */
export function useServerMetadata(): UseQueryResult<AuthorizationServerMetadata> {
  return useQuery({
    queryKey: queryKeys.serverMetadata,
    queryFn: ({ signal }) => getAuthorizationServerMetadata(publicApi, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}
