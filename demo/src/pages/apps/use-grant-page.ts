import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { listOAuthGrants, type OAuthGrant, type Page } from '@telnyx-oauth/api'
import { asPerson } from '../../api.ts'
import { firstPage } from '../../first-page.ts'
import { queryKeys } from '../../query-keys.ts'

const PAGE_SIZE = 20

/** One page of what the person has allowed. The page before it stays until this one is here. */
export function useGrantPage(page: number): UseQueryResult<Page<OAuthGrant>> {
  const query = { 'page[number]': page, 'page[size]': PAGE_SIZE }
  return useQuery({
    queryKey: [...queryKeys.grantPages, query],
    queryFn: ({ signal }) => asPerson((api) => firstPage(listOAuthGrants(api, query, { signal }))),
    placeholderData: keepPreviousData,
  })
}
