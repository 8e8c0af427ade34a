import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { listOAuthClients, type OAuthClient, type Page } from '@telnyx-oauth/api'
import { asPerson } from '../../api.ts'
import { firstPage } from '../../first-page.ts'
import { queryKeys } from '../../query-keys.ts'
import { type ClientFilter, listQueryOf } from './client-query.ts'

/** One page of the list. The page before it stays until this one is here. */
export function useClientPage(filter: ClientFilter): UseQueryResult<Page<OAuthClient>> {
  const query = listQueryOf(filter)
  return useQuery({
    queryKey: [...queryKeys.clientPages, query],
    queryFn: ({ signal }) => asPerson((api) => firstPage(listOAuthClients(api, query, { signal }))),
    placeholderData: keepPreviousData,
  })
}
